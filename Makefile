# SPDX-License-Identifier: BSD-3-Clause
# make deps demo          install what is missing, build, train the shipped model, label five pages
# make deps-check check   install what is missing, build, pass every test
#
# "make help" lists the other targets. Those for work on fenlei itself (lint, sanitizers, fuzzing,
# coverage, speed) are in dev.mk.

PREFIX = /usr/local
prefix = $(PREFIX)
bindir = $(prefix)/bin
libdir = $(prefix)/lib
includedir = $(prefix)/include
datadir = $(prefix)/share
mandir = $(datadir)/man
docdir = $(datadir)/doc/fenlei
libexecdir = $(prefix)/libexec
# Where the shells look for completions.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/vendor-completions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
# Where systemd looks for the units of users.
userunitdir = $(prefix)/lib/systemd/user

CFLAGS = -O2 -g
# No frame that a small stack cannot hold.
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wmissing-prototypes -Wframe-larger-than=32768
# tests/programs_hardened looks for what these leave in the programs.
HARDENING = -D_FORTIFY_SOURCE=2 -fstack-protector-strong
HARDENED_LINK = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack

# What building and the demo need.
PACKAGES = gcc libc6-dev pkg-config libicu-dev libsvm-dev libcjson-dev libxxhash-dev \
           libmicrohttpd-dev libsqlite3-dev libcsv-dev \
           libpoppler-glib-dev poppler-data libxml2-dev libarchive-dev libseccomp-dev

# Expanded where they are used, after "make deps" may have installed pkg-config. Everything is
# position-independent, so that one set of objects serves the library and the programs.
COMPILE = $(CC) -std=c11 -fno-math-errno -D_GNU_SOURCE -Isrc -I. -Ibuild $(WARNINGS) -pthread -MMD -MP \
          -fPIC $(shell pkg-config --cflags icu-uc icu-i18n libcjson libxxhash) \
          $(CPPFLAGS) $(HARDENING) $(CFLAGS)
LINK = $(CC) $(HARDENING) $(CFLAGS) $(HARDENED_LINK) $(LDFLAGS)
LIBS = $(shell pkg-config --libs libcjson libxxhash) -lm -pthread -ldl

# The objects of the folders of src/ named as the argument.
objects = $(patsubst src/%.c,build/%.o,$(wildcard $(1:%=src/%/*.c)))
LIBRARY = $(filter-out %_generate.o,$(call objects,base label))
# What programs and tests link with: the library with all its names, and what is above it.
SHARED = $(LIBRARY) $(call objects,measure html command)
# The programs; tests link with all of one but its first page and its command line.
CLASSIFIER = $(call objects,classify)
DESK = $(call objects,desk)
READER = $(call objects,read)
TRAINER = $(patsubst train/%.c,build/train/%.o,$(wildcard train/*.c train/solver/*.c))

CORPUS = $(wildcard train/corpus/*.jsonl)
MODEL = models/fenlei.model
# Chosen by measurement; models/README.md says how.
PAGES = $(wildcard train/pages/*)
MODEL_OPTIONS = --topics train/corpus/topics.json --ngrams 1-2 --min-df 2 --slack 0.005 --cv 10 --pages train/pages

all: bin/classify bin/train bin/desk bin/fenlei-read

deps:
	@missing=; for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || \
	    missing="$$missing $$package"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" -ne 0 ]; then sudo=sudo; fi; \
	$$sudo apt-get update && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing

demo: all $(MODEL)
	bin/classify seeds/*.txt
	@echo
	@echo "To read, correct and retrain in the browser: bin/desk --demo"

model: all
	@rm -f $(MODEL)
	@$(MAKE) --no-print-directory $(MODEL)
	@echo "on the articles of the seed pages:"
	@bin/classify --evaluate tests/seed-articles.jsonl

$(MODEL): bin/train $(CORPUS) train/corpus/topics.json $(PAGES)
	@echo "bin/train $(MODEL_OPTIONS) -o $@ train/corpus/*.jsonl"
	@bin/train $(MODEL_OPTIONS) -o $@ $(CORPUS)

bin/classify: $(CLASSIFIER) build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lcsv $(LIBS)

bin/desk: $(DESK) build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lcsv -lmicrohttpd -lsqlite3 $(LIBS)

bin/train: $(TRAINER) build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lsvm -lcsv $(LIBS)

# The libraries that read PDF, HTML and DOCX are for this program alone.
READER_LIBRARIES = poppler-glib libxml-2.0 libarchive libseccomp

$(READER): DEFINES = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(READER_LIBRARIES)))

bin/fenlei-read: $(READER) build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(shell pkg-config --libs $(READER_LIBRARIES)) $(LIBS)

# Of the library, only what fenlei.h declares is for others to see.
$(LIBRARY): VISIBILITY = -fvisibility=hidden

build/shared.a: $(SHARED)
	rm -f $@
	ar rcs $@ $^

build/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(VISIBILITY) $(DEFINES) -c -o $@ $<

build/train/%.o: train/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

# Where programs and the library look at last. The files change when the folders do: after
# `make`, `make install prefix=/opt` compiles that once more.
build/base/beside.o: DEFINES = -DDATA_FOLDER='"$(datadir)/fenlei"'
build/base/beside.o: build/data_folder
build/command/shipped.o: DEFINES = -DREADER_FOLDER='"$(libexecdir)/fenlei"'
build/command/shipped.o: build/reader_folder

build/data_folder: folder = $(datadir)/fenlei
build/reader_folder: folder = $(libexecdir)/fenlei
build/program_folder: folder = $(bindir)
build/data_folder build/reader_folder build/program_folder: FORCE
	@mkdir -p $(@D)
	@echo '$(folder)' | cmp -s - $@ || echo '$(folder)' >$@

# ---- completions of the shells, by the programs' own tables ----

COMPLETED = classify train desk
COMPLETIONS = $(foreach shell,bash zsh fish,$(COMPLETED:%=build/completion/%.$(shell)))

completions: $(COMPLETIONS)

$(COMPLETIONS): build/completion/%: $(COMPLETED:%=bin/%)
	@mkdir -p $(@D)
	bin/$(basename $*) --completion=$(subst .,,$(suffix $*)) >$@.new && mv $@.new $@

# ---- sources made while building ----

# Loops of theirs are worth eight numbers at a time; of -O2 alone gcc does not try.
build/label/shingles.o build/label/vocab.o: DEFINES = -ftree-vectorize
build/label/fold.o: build/label/fold_data.h
build/label/encoding.o: build/label/encoding_data.h
build/label/surprisal.o: build/label/surprisal_data.h
build/label/surprisal_generate: build/label/fold_data.h build/label/encoding_data.h
build/label/surprisal_data.h: src/label/letters.txt

# A table is what its generator writes, of the text that it is made from where there is one.
build/label/%_data.h: build/label/%_generate
	$< < $(or $(filter %.txt,$^),/dev/null) > $@.new && mv $@.new $@

build/label/%_generate: src/label/%_generate.c src/label/fold_class.h src/label/encoding_cells.h
	@mkdir -p $(@D)
	$(COMPILE) $(HARDENED_LINK) $(LDFLAGS) -o $@ $< $(shell pkg-config --libs icu-i18n icu-uc)

# Style and scripts of HTML pages: NAME.css as an array NAME_css, NAME.js as NAME_js.
STYLES = $(patsubst src/%.css,build/%_css.h,$(wildcard src/*/*.css))
SCRIPTS = $(patsubst src/%.js,build/%_js.h,$(wildcard src/*/*.js))

build/html/html.o: build/html/html_css.h build/html/script_hashes.h
build/html/evaluation_page.o: build/html/evaluation_css.h
build/classify/gazette.o: build/classify/gazette_css.h build/classify/gazette_js.h
build/desk/api.o: build/desk/openapi_json.h
build/desk/routes.o: build/desk/desk_css.h build/desk/desk_js.h build/html/html_css.h

# The bytes and a NUL, as numbers: a string literal of that length is not portable.
embed = @mkdir -p $(@D); { echo "static const char $(notdir $(basename $@))[] = {"; \
    od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g'; echo "0x00};"; } >$@.new && mv $@.new $@

build/%_css.h: src/%.css
	$(embed)

build/%_json.h: src/%.json
	$(embed)

build/%_js.h: src/%.js
	$(embed)

# As a Content-Security-Policy names them.
build/html/script_hashes.h: $(filter-out src/desk/%,$(wildcard src/*/*.js))
	@mkdir -p $(@D)
	@{ printf '#define SCRIPT_HASHES "'; for script in $^; do \
	    hash=$$(sha256sum $$script | cut -c1-64 | sed 's/../\\x&/g'); \
	    printf " 'sha256-%s'" "$$(env printf "$$hash" | base64)"; \
	done; echo '"'; } >$@.new && mv $@.new $@

# ---- the library, for other people's programs: nothing but fenlei_* is to be seen in it ----

library: build/libfenlei.so.0 build/libfenlei.a

build/libfenlei.so.0: $(LIBRARY) src/fenlei.map
	$(CC) -shared -Wl,-soname,$(@F) -Wl,--version-script=src/fenlei.map -Wl,-z,defs,-z,relro,-z,now \
	    $(CFLAGS) $(LDFLAGS) -o $@ $(LIBRARY) $(LIBS)

# One object, whose hidden names become local, so that no program's own can take their place.
build/libfenlei.a: $(LIBRARY)
	rm -f $@
	$(LD) -r -o build/fenlei.o $^
	objcopy --localize-hidden build/fenlei.o
	ar rcs $@ build/fenlei.o

version = $(shell sed -n 's/^\#define FENLEI_VERSION "\(.*\)"/\1/p' src/fenlei.h)

install: all library completions $(MODEL)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(libdir)/pkgconfig $(DESTDIR)$(includedir) \
	    $(DESTDIR)$(libexecdir)/fenlei $(DESTDIR)$(datadir)/fenlei $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5 \
	    $(DESTDIR)$(mandir)/man7 $(DESTDIR)$(docdir)/examples/cluster $(DESTDIR)$(userunitdir)
	install bin/classify bin/train bin/desk $(DESTDIR)$(bindir)
	install bin/fenlei-read $(DESTDIR)$(libexecdir)/fenlei
	install -m 644 build/libfenlei.so.0 build/libfenlei.a $(DESTDIR)$(libdir)
	ln -sf libfenlei.so.0 $(DESTDIR)$(libdir)/libfenlei.so
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
	    -e 's|@version@|$(version)|' src/fenlei.pc.in >$(DESTDIR)$(libdir)/pkgconfig/fenlei.pc
	chmod 644 $(DESTDIR)$(libdir)/pkgconfig/fenlei.pc
	install -m 644 src/fenlei.h $(DESTDIR)$(includedir)
	sed -e 's|@bindir@|$(bindir)|' src/fenlei-desk.service.in >$(DESTDIR)$(userunitdir)/fenlei-desk.service
	chmod 644 $(DESTDIR)$(userunitdir)/fenlei-desk.service
	install -m 644 $(MODEL) $(DESTDIR)$(datadir)/fenlei
	install -d $(DESTDIR)$(datadir)/fenlei/corpus $(DESTDIR)$(datadir)/fenlei/seeds
	install -m 644 $(CORPUS) train/corpus/topics.json $(DESTDIR)$(datadir)/fenlei/corpus
	install -m 644 seeds/*.txt $(DESTDIR)$(datadir)/fenlei/seeds
	install -d $(DESTDIR)$(bashcompletiondir) $(DESTDIR)$(zshcompletiondir) $(DESTDIR)$(fishcompletiondir)
	for program in $(COMPLETED); do \
	    install -m 644 build/completion/$$program.bash $(DESTDIR)$(bashcompletiondir)/$$program && \
	    install -m 644 build/completion/$$program.zsh $(DESTDIR)$(zshcompletiondir)/_$$program && \
	    install -m 644 build/completion/$$program.fish $(DESTDIR)$(fishcompletiondir)/$$program.fish || exit 1; \
	done
	install -m 644 man/*.1 $(DESTDIR)$(mandir)/man1
	install -m 644 man/*.5 $(DESTDIR)$(mandir)/man5
	install -m 644 man/*.7 $(DESTDIR)$(mandir)/man7
	install examples/cluster/* $(DESTDIR)$(docdir)/examples/cluster
	chmod 644 $(DESTDIR)$(docdir)/examples/cluster/*.sbatch

# ---- the Python package; one build for every Python from 3.11 on ----

PYTHON = /usr/bin/python3
# Where Debian's own packages are, and where its Python looks in any other prefix.
pythondir = $(if $(filter /usr,$(prefix)),/usr/lib/python3,$(prefix)/lib/$(shell \
    $(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])'))/dist-packages

PYTHON_INCLUDE = $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')
PYTHON_FILES = $(patsubst python/%,build/python/%,$(wildcard python/fenlei/*.py python/fenlei/*.pyi python/fenlei/py.typed))

python: build/python/fenlei/_fenlei.abi3.so $(PYTHON_FILES)

build/python/fenlei/_fenlei.abi3.so: python/module.c src/fenlei.h build/libfenlei.so.0 build/program_folder
	@mkdir -p $(@D)
	$(CC) -std=c11 -Isrc -isystem $(PYTHON_INCLUDE) \
	    $(WARNINGS) -fPIC -fvisibility=hidden -DPROGRAM_FOLDER='"$(bindir)"' $(CPPFLAGS) $(HARDENING) $(CFLAGS) \
	    -shared -Wl,-z,relro,-z,now $(LDFLAGS) -o $@ $< -Lbuild -l:libfenlei.so.0

$(PYTHON_FILES): build/python/%: python/%
	@mkdir -p $(@D)
	cp $< $@

install-python: python
	install -d $(DESTDIR)$(pythondir)/fenlei
	install -m 644 $(PYTHON_FILES) build/python/fenlei/_fenlei.abi3.so $(DESTDIR)$(pythondir)/fenlei

uninstall-python:
	rm -rf $(DESTDIR)$(pythondir)/fenlei

uninstall:
	rm -f $(DESTDIR)$(bindir)/classify $(DESTDIR)$(bindir)/train $(DESTDIR)$(bindir)/desk \
	    $(DESTDIR)$(libexecdir)/fenlei/fenlei-read \
	    $(addprefix $(DESTDIR)$(libdir)/,libfenlei.so.0 libfenlei.so libfenlei.a pkgconfig/fenlei.pc) \
	    $(DESTDIR)$(includedir)/fenlei.h $(DESTDIR)$(datadir)/fenlei/fenlei.model \
	    $(DESTDIR)$(userunitdir)/fenlei-desk.service \
	    $(COMPLETED:%=$(DESTDIR)$(bashcompletiondir)/%) $(COMPLETED:%=$(DESTDIR)$(zshcompletiondir)/_%) \
	    $(COMPLETED:%=$(DESTDIR)$(fishcompletiondir)/%.fish) \
	    $(patsubst man/%,$(DESTDIR)$(mandir)/man1/%,$(wildcard man/*.1)) \
	    $(patsubst man/%,$(DESTDIR)$(mandir)/man5/%,$(wildcard man/*.5)) \
	    $(patsubst man/%,$(DESTDIR)$(mandir)/man7/%,$(wildcard man/*.7))
	rm -rf $(DESTDIR)$(datadir)/fenlei/corpus $(DESTDIR)$(datadir)/fenlei/seeds $(DESTDIR)$(docdir)/examples/cluster
	-rmdir $(DESTDIR)$(datadir)/fenlei $(DESTDIR)$(libexecdir)/fenlei $(DESTDIR)$(docdir)/examples $(DESTDIR)$(docdir)

# The sources of the last commit; the same commit gives the same bytes.
dist:
	@mkdir -p build
	git -c tar.umask=0022 archive --prefix=fenlei-$(version)/ HEAD | gzip -9n >build/fenlei-$(version).tar.gz
	@echo build/fenlei-$(version).tar.gz

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo "make all                the programs, in bin/; make library: libfenlei, in build/"
	@echo "make model              train the shipped model anew, models/fenlei.model"
	@echo "make install            under PREFIX=/usr/local, or GNU's folders and DESTDIR; make uninstall"
	@echo "make python             the Python package, in build/python; make install-python"
	@echo "make dist               the sources of the last commit, build/fenlei-$(version).tar.gz"
	@echo "make deps-deb deb       Debian packages of the last commit, in build/deb"
	@echo "make clean              what was built, and the model"
	@echo "For work on fenlei itself: CONTRIBUTING.md and dev.mk."

clean:
	rm -rf build bin models/*.model

.PHONY: all deps demo model library completions python install-python uninstall-python dist help install uninstall clean FORCE
.SECONDARY:

include dev.mk

-include $(shell find build -maxdepth 4 -name '*.d' -not -path 'build/*/build/*' 2>/dev/null)
