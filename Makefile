# make deps demo    install what is missing, build, train the shipped model, label the seed pages
# make deps check   install what is missing, build, pass every test
# Other targets: all, model, install, clean, format.

PREFIX = /usr/local
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wmissing-prototypes

PACKAGES = gcc libc6-dev pkg-config libicu-dev libsvm-dev libcjson-dev libxxhash-dev \
           libcmocka-dev python3-jsonschema
# For the tests that break things on purpose.
PACKAGES += locales util-linux

# Expanded where they are used, after "make deps" may have installed pkg-config.
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -Isrc -Itrain -Ibuild $(WARNINGS) -pthread -MMD -MP \
          $(shell pkg-config --cflags icu-uc icu-i18n libcjson libxxhash) $(CPPFLAGS) $(CFLAGS)
LIBS = $(shell pkg-config --libs icu-uc libcjson libxxhash) -lm -pthread

LIBRARY = $(patsubst src/%.c,build/%.o,$(filter-out src/classify.c src/fold_generate.c,$(wildcard src/*.c)))
TRAINER = $(patsubst train/%.c,build/train/%.o,$(filter-out train/train.c,$(wildcard train/*.c)))
TESTS = $(patsubst tests/%.c,build/tests/%,$(wildcard tests/test_*.c))
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

check: all $(MODEL) $(TESTS)
	tests/run $(TESTS)

# ---- tests that break things on purpose: tests/RELIABILITY.md ----

SHIMS = $(patsubst tests/%.c,build/tests/%.so,$(wildcard tests/shim_*.c))

check: $(SHIMS)

# The same tests with larger inputs and every step.
check-long: all $(MODEL) $(TESTS) $(SHIMS)
	FENLEI_LONG=1 tests/run $(TESTS)

build/tests/shim_%.so: tests/shim_%.c
	@mkdir -p $(@D)
	$(COMPILE) -fPIC -fno-builtin -shared -o $@ $<

# ----

model: all
	@rm -f $(MODEL)
	@$(MAKE) --no-print-directory $(MODEL)
	@echo "on the articles of the seed pages:"
	@bin/classify --evaluate tests/seed-articles.jsonl

$(MODEL): bin/train $(CORPUS) train/corpus/topics.json
	@echo "bin/train $(MODEL_OPTIONS) -o $@ train/corpus/*.jsonl"
	@bin/train $(MODEL_OPTIONS) -o $@ $(CORPUS)

bin/classify: build/classify.o build/libfenlei.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

bin/train: build/train/train.o $(TRAINER) build/libfenlei.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsvm $(LIBS)

build/libfenlei.a: $(LIBRARY)
	rm -f $@
	ar rcs $@ $^

build/tests/test_fenlei: LIBS += $(shell pkg-config --libs icu-i18n)

build/tests/%: build/tests/%.o $(TRAINER) build/libfenlei.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsvm $(shell pkg-config --libs cmocka) $(LIBS)

build/fold.o: build/fold_data.h

build/fold_data.h: build/fold_generate
	build/fold_generate > $@.new && mv $@.new $@

build/fold_generate: src/fold_generate.c src/fold_class.h
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $< $(shell pkg-config --libs icu-i18n icu-uc)

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
	    $(DESTDIR)$(PREFIX)/share/fenlei
	install bin/classify bin/train $(DESTDIR)$(PREFIX)/bin
	install -m 644 build/libfenlei.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 src/fenlei.h $(DESTDIR)$(PREFIX)/include
	install -m 644 $(MODEL) $(DESTDIR)$(PREFIX)/share/fenlei

format:
	clang-format -i src/*.[ch] train/*.[ch] tests/*.[ch]

clean:
	rm -rf build bin models/*.model

.PHONY: all deps demo check check-long model install format clean
.SECONDARY:
-include $(wildcard build/*.d build/train/*.d build/tests/*.d)
