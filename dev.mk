# SPDX-License-Identifier: BSD-3-Clause
# For work on fenlei itself; the Makefile includes it. Tests, sanitizers, fuzzing, coverage, speed.

comma = ,

# ---- tests ----

# tests/RELIABILITY.md says which of them breaks what, on purpose: locales and util-linux are for that.
CHECK_PACKAGES = libcmocka-dev python3 python3-jsonschema binutils g++ locales util-linux mandoc groff \
                 zsh fish python3-dev python3-pytest mypy curl
# For lint, sanitizers, fuzzing, coverage, and for pages as PDF.
DEV_PACKAGES = $(PDF_PACKAGES) python3-sklearn abigail-tools clang libclang-rt-14-dev clang-format clang-tidy llvm valgrind

deps-check:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(CHECK_PACKAGES)"

deps-dev:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(CHECK_PACKAGES) $(DEV_PACKAGES)"

TESTS = $(patsubst tests/%.c,build/tests/%,$(wildcard tests/test_*.c))
PROGRAM_TESTS = $(filter-out %_fuzz,$(wildcard tests/programs_*))
SHIMS = $(patsubst tests/%.c,build/tests/%.so,$(wildcard tests/shim_*.c))

# The parts of the programs, without what only the programs have: main, and the command line, which
# a fuzz target includes.
PARTS = $(filter-out %/main.o %/settings.o %/options.o,$(CLASSIFIER) $(TRAINER) $(DESK))

check: all library python $(MODEL) $(TESTS) $(SHIMS)
	tests/run $(TESTS) $(PROGRAM_TESTS)

# The fuzz targets on their seeds and a little more, which needs clang.
check-fuzz: fuzzers
	tests/run tests/programs_fuzz

# The same as check with larger inputs and every step.
check-long: export FENLEI_LONG = 1
check-long: check

build/parts.a: $(PARTS)
	rm -f $@
	ar rcs $@ $^

build/tests/shim_%.so: tests/shim_%.c
	@mkdir -p $(@D)
	$(COMPILE) -fno-builtin -shared -o $@ $<

build/tests/test_fenlei build/tests/test_explain build/tests/test_encodings: LIBS += $(shell pkg-config --libs icu-i18n)

build/tests/test_model: LDFLAGS += -Wl,--wrap=read

# The reader's parts are for no other program.
build/tests/test_layout: build/read/layout.o
build/tests/test_confine: build/read/confine.o
build/tests/test_confine: LIBS += $(shell pkg-config --libs libseccomp)

build/tests/%: build/tests/%.o build/parts.a build/shared.a
	$(LINK) -o $@ $^ -lsvm -lcsv -lmicrohttpd -lsqlite3 $(shell pkg-config --libs cmocka) $(LIBS)

build/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

# ---- the same tree with other flags ----
#
# A variant lives in build/NAME: links to the sources, and a build/, bin/ and models/ of its own, so
# that no objects mix and the tests find all they name.
variant = mkdir -p build/$(1)/models && \
    ln -sfn $(addprefix ../../,Makefile dev.mk README.md man src train python tests seeds examples .ci) build/$(1) && \
    $(MAKE) --no-print-directory -C build/$(1)
SANITIZE = HARDENING= CFLAGS="-O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all $(1)"
# Fuzz targets are a variant of their own, only the programs of `make` are hardened, and only its
# library is for programs, and a Python, that are built without such flags.
VARIANT_TESTS = PROGRAM_TESTS="$(filter-out %_fuzz %_hardened %_library %_abi %_python %_readme $(1),$(PROGRAM_TESTS))"
# Sanitizers stand no preloaded shims and no bounds on memory.
PRELOADING = %_files %_icu %_libsvm %_limits %_memory %_replacing %_saving %_supervised

# The options of every pair too: where a lifetime ends too early, one of them shows it. Not
# tests/programs_corpus, which does with the whole corpus what programs_train does with a small one.
asan:
	+$(call variant,$@) check $(call VARIANT_TESTS,$(PRELOADING) %_corpus) ASAN_OPTIONS=allocator_may_return_null=1 \
	    $(call SANITIZE,-fsanitize=address$(comma)undefined)

# What runs on several threads.
tsan:
	+$(call variant,$@) check $(call SANITIZE,-fsanitize=thread) \
	    TESTS="build/tests/test_parallel build/tests/test_crew build/tests/test_threads" PROGRAM_TESTS=tests/programs_threads

# Not tests/programs_corpus, which would take hours.
valgrind:
	+$(call variant,$@) all models/fenlei.model
	tests/valgrind build/$@ tests/programs_classify tests/programs_train tests/programs_threads

# ---- speed: make bench CORPORA=folder; tests/bench/compare says what it looks for there ----

BENCH_PACKAGES = python3-sklearn fasttext libsvm-tools

deps-bench:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(BENCH_PACKAGES)"

# DOCUMENTS=1000000: training is measured on a million made-up articles, too.
bench: export DOCUMENTS := $(or $(DOCUMENTS),100000)
bench: all $(MODEL) build/bench/stages
	$(PYTHON) tests/bench/compare $(CORPORA)

build/bench/%: build/tests/bench/%.o build/parts.a build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lcsv -lmicrohttpd -lsqlite3 $(LIBS)

# The gate of train --replace on the shipped articles, twenty times; tests/desk/gate.py says what.
check-gate: all
	$(PYTHON) tests/desk/gate.py build/gate 20

# The Python package on one thread and on two.
bench-python: python $(MODEL)
	LD_LIBRARY_PATH=build PYTHONPATH=build/python tests/bench/python

# A desk with a million articles: tests/bench/desk says how fast it answers.
bench-desk: all $(MODEL) build/bench/fill_store
	tests/bench/desk

# ---- the page reader on pages that it was not trained on; tests/pages/check says how ----

check-pages: all $(MODEL) build/tests/pages/set_pages
	$(PYTHON) tests/pages/check

build/tests/pages/set_pages: build/tests/pages/set_pages.o build/parts.a build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lsvm -lcsv $(LIBS)

# ---- what the intervals of measures rest on ----

simulate: build/tests/simulate/intervals
	$<

# tests/simulate/queue says what the desk's queue is worth.
build/tests/simulate/queue_order: build/tests/simulate/queue_order.o build/parts.a build/shared.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ -lcsv -lmicrohttpd -lsqlite3 $(LIBS)

build/tests/simulate/intervals: build/tests/simulate/intervals.o build/shared.a
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

# The desk, used in a browser; PICTURES=FOLDER keeps what it saw.
check-desk: all $(MODEL)
	tests/browser/run-desk

# ---- newspaper pages laid out by two engines, as PDF; not part of `make check` ----

PDF_PACKAGES = chromium weasyprint fonts-wqy-zenhei fonts-noto-cjk

deps-pdf:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(PDF_PACKAGES)"

check-pdf: all $(MODEL)
	tests/pdf/run

# ---- the recipe of fenlei-cluster(7) on Slurm, Dask and GNU parallel; tests/cluster/run says how ----

CLUSTER_PACKAGES = munge slurmctld slurmd slurm-client python3-distributed parallel openssh-server openssh-client

deps-cluster:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(CLUSTER_PACKAGES)"

CLUSTER_RECORDS = 1000000

# Debian's Python, which has its distributed.
check-cluster: all $(MODEL)
	CLUSTER_RECORDS=$(CLUSTER_RECORDS) /usr/bin/python3 -u tests/cluster/run

# ---- Debian packages, of what is committed; not part of `make check`, which needs no tools of theirs ----

DEB_PACKAGES = git build-essential debhelper lintian debootstrap debian-archive-keyring \
               dh-python python3-dev abigail-tools

deps-deb:
	@$(MAKE) --no-print-directory deps PACKAGES="$(PACKAGES) $(DEB_PACKAGES)"

# Without a variable or the umask of the caller: the same commit gives the same bytes.
deb:
	rm -rf build/deb
	umask 022 && mkdir -p build/deb/fenlei && git archive HEAD | tar -x --no-same-permissions -C build/deb/fenlei
	umask 022 && cd build/deb/fenlei && env -i PATH="$$PATH" dpkg-buildpackage -us -uc
	rm -rf build/deb/fenlei

# Describes the library's ABI anew; tests/programs_abi holds the library to it.
abi: build/libfenlei.so.0
	abidw --drop-private-types --header-file src/fenlei.h --no-corpus-path --no-comp-dir-path --no-show-locs \
	    --out-file debian/libfenlei0.abi $<

# tests/packages says what; as root.
check-deb:
	tests/packages

# ---- fuzzing: one target a file of tests/fuzz; tests/fuzz/run says how ----

FUZZ_SECONDS = 60
FUZZERS = $(patsubst tests/fuzz/%.c,build/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_FLAGS = CC=clang $(call SANITIZE,-fsanitize=fuzzer-no-link$(comma)address$(comma)undefined)


fuzz: fuzzers
	tests/fuzz/run -max_total_time=$(FUZZ_SECONDS)

fuzzers: build/tiny.model
	@+$(call variant,fuzz) $(FUZZERS) $(FUZZ_FLAGS)

build/tiny.model: bin/train tests/data/tiny.jsonl
	bin/train --pages tests/data/tiny.page -o $@ tests/data/tiny.jsonl

build/tests/fuzz/%: build/tests/fuzz/%.o build/parts.a build/shared.a
	$(LINK) -fsanitize=fuzzer -o $@ $^ -lsvm -lcsv -lmicrohttpd -lsqlite3 $(LIBS)

# ---- static checks: warnings of both compilers and of clang-tidy are errors ----

SOURCES = $(wildcard src/*/*.c train/*.c train/solver/*.c tests/*.c tests/*/*.c examples/*.c python/*.c)

LINT_FLAGS = $(filter-out $(CC) -MMD -MP,$(COMPILE)) -DDATA_FOLDER='""' -DREADER_FOLDER='""' \
    -DPROGRAM_FOLDER='""' -isystem $(PYTHON_INCLUDE) \
    $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(READER_LIBRARIES)))

lint: build/label/fold_data.h build/label/encoding_data.h build/label/surprisal_data.h $(STYLES) $(SCRIPTS) build/html/script_hashes.h build/desk/openapi_json.h
	tests/house
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
	clang-format -i src/*.h src/*/*.[ch] train/*.[ch] train/solver/*.[ch] tests/*.[ch] tests/*/*.[ch] \
	    examples/*.c* python/*.c

.PHONY: check-fuzz deps-check deps-dev deps-bench deps-browser deps-pdf deps-cluster check-cluster deps-deb deb abi check-deb check check-long check-browser check-desk check-gate check-pages \
    bench-desk bench-python check-pdf bench simulate asan tsan \
    valgrind fuzz fuzzers lint coverage format
