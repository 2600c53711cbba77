# make deps demo    install what is missing, build, train the shipped model, label the seed pages
# make deps check   install what is missing, build, pass every test
# make check-long   the same with larger inputs and every step
# Other targets: all, model, install, clean, format; bench, deps-bench, fuzz, asan, tsan,
# valgrind, lint, coverage; deps-browser, check-browser.

PREFIX = /usr/local
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wmissing-prototypes
# tests/programs_hardened looks for what these leave in the programs.
HARDENING = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDENED_LINK = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack

PACKAGES = gcc libc6-dev pkg-config libicu-dev libsvm-dev libcjson-dev libxxhash-dev \
           libcmocka-dev python3-jsonschema
# For fuzz, lint, coverage and valgrind.
PACKAGES += binutils clang libclang-rt-14-dev clang-tidy llvm valgrind
# For the tests that break things on purpose.
PACKAGES += locales util-linux
# For the manual.
PACKAGES += mandoc groff

# Expanded where they are used, after "make deps" may have installed pkg-config.
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -Isrc -Itrain -Ibuild $(WARNINGS) -pthread -MMD -MP \
          $(shell pkg-config --cflags icu-uc icu-i18n libcjson libxxhash) $(CPPFLAGS) $(HARDENING) $(CFLAGS)
LINK = $(CC) $(HARDENING) $(CFLAGS) $(HARDENED_LINK) $(LDFLAGS)
LIBS = $(shell pkg-config --libs icu-uc libcjson libxxhash) -lm -pthread

# Of src/, the program; the rest is the library.
CLASSIFIER = $(patsubst %,build/%.o,classify report settings choice item trial batch feed)
LIBRARY = $(filter-out $(CLASSIFIER) build/fold_generate.o,$(patsubst src/%.c,build/%.o,$(wildcard src/*.c)))
# What tests link with: not the program itself, nor its command line, which a fuzz target includes.
TRAINER = $(patsubst train/%.c,build/train/%.o,$(filter-out train/train.c train/options.c,$(wildcard train/*.c)))
TESTS = $(patsubst tests/%.c,build/tests/%,$(wildcard tests/test_*.c))
PROGRAM_TESTS = $(wildcard tests/programs_*)
SHIMS = $(patsubst tests/%.c,build/tests/%.so,$(wildcard tests/shim_*.c))
CORPUS = $(wildcard train/corpus/*.jsonl)
MODEL = models/fenlei.model
# Chosen by measurement; models/README.md says how.
MODEL_OPTIONS = --topics train/corpus/topics.json --ngrams 1-2 --min-df 2 --cv 10

all: bin/classify bin/train

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

# tests/RELIABILITY.md says which of them breaks what, on purpose.
check: all $(MODEL) $(TESTS) $(SHIMS) $(if $(filter %_fuzz,$(PROGRAM_TESTS)),fuzzers)
	tests/run $(TESTS) $(PROGRAM_TESTS)

# The same with larger inputs and every step.
check-long: export FENLEI_LONG = 1
check-long: check

build/tests/shim_%.so: tests/shim_%.c
	@mkdir -p $(@D)
	$(COMPILE) -fPIC -fno-builtin -shared -o $@ $<

model: all
	@rm -f $(MODEL)
	@$(MAKE) --no-print-directory $(MODEL)
	@echo "on the articles of the seed pages:"
	@bin/classify --evaluate tests/seed-articles.jsonl

$(MODEL): bin/train $(CORPUS) train/corpus/topics.json
	@echo "bin/train $(MODEL_OPTIONS) -o $@ train/corpus/*.jsonl"
	@bin/train $(MODEL_OPTIONS) -o $@ $(CORPUS)

bin/classify: $(CLASSIFIER) build/libfenlei.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS)

bin/train: build/train/train.o build/train/options.o $(TRAINER) build/libfenlei.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lsvm $(LIBS)

build/libfenlei.a: $(LIBRARY)
	rm -f $@
	ar rcs $@ $^

build/tests/test_fenlei build/tests/test_explain: LIBS += $(shell pkg-config --libs icu-i18n)

build/tests/%: build/tests/%.o $(TRAINER) build/libfenlei.a
	$(LINK) -o $@ $^ -lsvm $(shell pkg-config --libs cmocka) $(LIBS)

build/fold.o: build/fold_data.h

build/fold_data.h: build/fold_generate
	build/fold_generate > $@.new && mv $@.new $@

build/fold_generate: src/fold_generate.c src/fold_class.h
	@mkdir -p $(@D)
	$(COMPILE) $(HARDENED_LINK) $(LDFLAGS) -o $@ $< $(shell pkg-config --libs icu-i18n icu-uc)

# ---- style and scripts of HTML pages: NAME.css as an array NAME_css, NAME.js as NAME_js ----

STYLES = $(patsubst src/%.css,build/%_css.h,$(wildcard src/*.css))
SCRIPTS = $(patsubst src/%.js,build/%_js.h,$(wildcard src/*.js))

build/html.o: $(STYLES) build/script_hashes.h
build/sheet.o: build/sheet_js.h
build/assessment_page.o: build/assessment_css.h

# The bytes and a NUL, as numbers: a string literal of that length is not portable.
embed = @mkdir -p $(@D); { echo "static const char $(notdir $(basename $@))[] = {"; \
    od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g'; echo "0x00};"; } >$@.new && mv $@.new $@

build/%_css.h: src/%.css
	$(embed)

build/%_js.h: src/%.js
	$(embed)

# As a Content-Security-Policy names them.
build/script_hashes.h: $(wildcard src/*.js)
	@mkdir -p $(@D)
	@{ printf '#define SCRIPT_HASHES "'; for script in $^; do \
	    hash=$$(sha256sum $$script | cut -c1-64 | sed 's/../\\x&/g'); \
	    printf " 'sha256-%s'" "$$(env printf "$$hash" | base64)"; \
	done; echo '"'; } >$@.new && mv $@.new $@

build/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE) -DPREFIX='"$(PREFIX)"' -c -o $@ $<

build/train/%.o: train/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

build/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

install: all $(MODEL)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include \
	    $(DESTDIR)$(PREFIX)/share/fenlei $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(DESTDIR)$(PREFIX)/share/man/man5
	install bin/classify bin/train $(DESTDIR)$(PREFIX)/bin
	install -m 644 build/libfenlei.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 src/fenlei.h $(DESTDIR)$(PREFIX)/include
	install -m 644 $(MODEL) $(DESTDIR)$(PREFIX)/share/fenlei
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5

# ---- the same tree with other flags ----
#
# A variant lives in build/NAME: links to the sources, and a build/, bin/ and models/ of its own, so
# that no objects mix and the tests find all they name.
variant = mkdir -p build/$(1)/models && \
    ln -sfn $(addprefix ../../,Makefile README.md man src train tests seeds .ci) build/$(1) && \
    $(MAKE) --no-print-directory -C build/$(1)
SANITIZE = HARDENING= CFLAGS="-O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all $(1)"
# Fuzz targets are a variant of their own, and only the programs of `make` are hardened.
VARIANT_TESTS = PROGRAM_TESTS="$(filter-out %_fuzz %_hardened $(1),$(PROGRAM_TESTS))"
# Sanitizers stand no preloaded shims and no bounds on memory.
PRELOADING = %_files %_libsvm %_limits %_memory %_saving

asan:
	+$(call variant,$@) check $(call VARIANT_TESTS,$(PRELOADING)) ASAN_OPTIONS=allocator_may_return_null=1 \
	    $(call SANITIZE,-fsanitize=address$(comma)undefined)

# What runs on several threads.
tsan:
	+$(call variant,$@) check $(call SANITIZE,-fsanitize=thread) \
	    TESTS="build/tests/test_parallel build/tests/test_threads" PROGRAM_TESTS=tests/programs_threads

# Not tests/programs_corpus, which would take hours.
valgrind:
	+$(call variant,$@) all models/fenlei.model
	tests/valgrind build/$@ tests/programs_classify tests/programs_train tests/programs_threads

# ---- speed: make bench CORPORA=folder; tests/bench/compare says what it looks for there ----

BENCH_PACKAGES = python3-sklearn fasttext libsvm-tools

deps-bench:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(BENCH_PACKAGES)"

bench: all $(MODEL) build/bench/stages
	python3 tests/bench/compare $(CORPORA)

build/bench/stages: build/tests/bench/stages.o build/libfenlei.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS)

# ---- pages in a browser; not part of `make check`, which needs no browser ----

# Node from elsewhere brings an npm that Debian's does not go with.
BROWSER_PACKAGES = chromium $(shell command -v npm >/dev/null || echo nodejs npm)
BROWSER_MODULES = playwright-core@1.65.1 axe-core@4.14.1

deps-browser:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(BROWSER_PACKAGES)"
	@mkdir -p build/browser
	cd build/browser && npm install --no-audit --no-fund $(BROWSER_MODULES)

check-browser: all $(MODEL)
	tests/browser/run

# ---- fuzzing: one target a file of tests/fuzz; tests/fuzz/run says how ----

FUZZ_SECONDS = 60
FUZZERS = $(patsubst tests/fuzz/%.c,build/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_FLAGS = CC=clang $(call SANITIZE,-fsanitize=fuzzer-no-link$(comma)address$(comma)undefined)
comma = ,

fuzz: fuzzers
	tests/fuzz/run -max_total_time=$(FUZZ_SECONDS)

fuzzers: build/tiny.model
	@+$(call variant,fuzz) $(FUZZERS) $(FUZZ_FLAGS)

build/tiny.model: bin/train tests/data/tiny.jsonl
	bin/train -o $@ tests/data/tiny.jsonl

build/tests/fuzz/%: build/tests/fuzz/%.o $(TRAINER) build/libfenlei.a
	$(LINK) -fsanitize=fuzzer -o $@ $^ -lsvm $(LIBS)

# ---- static checks: warnings of both compilers and of clang-tidy are errors ----

SOURCES = $(wildcard src/*.c train/*.c tests/*.c tests/fuzz/*.c tests/bench/*.c)

LINT_FLAGS = $(filter-out $(CC) -MMD -MP,$(COMPILE)) -DPREFIX='""'

lint: build/fold_data.h $(STYLES) $(SCRIPTS) build/script_hashes.h
	@failed=0; for source in $(SOURCES); do \
	    gcc $(LINT_FLAGS) -Werror -c -o /dev/null $$source && \
	    clang $(LINT_FLAGS) -Werror -c -o /dev/null $$source && \
	    clang-tidy --quiet $$source -- $(LINT_FLAGS) 2>/dev/null || failed=1; \
	done; exit $$failed

# ---- coverage: lines of src/ and train/ that the whole test suite, and each fuzz target's seeds,
# reach ----

# Limits on the size of files hit the profiles too: what fails of that is not this target's matter.
coverage: build/tiny.model
	rm -rf build/$@/profile
	-+$(call variant,$@) $(FUZZERS) check $(COVERAGE)
	tests/coverage build/$@

COVERAGE = CC=clang HARDENING= CFLAGS="-O1 -g -fprofile-instr-generate -fcoverage-mapping" \
    LLVM_PROFILE_FILE=$(CURDIR)/build/coverage/profile/%m.profraw $(call VARIANT_TESTS,%_memory %_saving)

format:
	clang-format -i src/*.[ch] train/*.[ch] tests/*.[ch] tests/fuzz/*.[ch] \
	    tests/bench/*.c

clean:
	rm -rf build bin models/*.model

.PHONY: all deps deps-bench deps-browser check-browser bench demo check check-long model install format clean asan tsan valgrind fuzz \
    fuzzers lint coverage
.SECONDARY:
-include $(wildcard build/*.d build/train/*.d build/tests/*.d build/tests/fuzz/*.d build/tests/bench/*.d)
