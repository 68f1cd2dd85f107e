# mailinit: `make help` lists what can be made.
#
# The release binary is linked with musl, as a static PIE, in a container of
# the Dockerfile's builder, for which a Docker engine is all that is needed.
# With NATIVE=1 it is built here; that takes musl-gcc of musl 1.2.4 or later
# (Debian 13; the one of Debian 12 cannot link a static PIE, and a guard says so).
# The build for the tests is linked with glibc, under ASan and UBSan, in
# build/asan-N for gcc N, so that host and container keep out of each other's way.

SHELL = /bin/bash
.SHELLFLAGS = -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL = build/mailinit

SOURCES := $(sort $(wildcard entrypoint/*.c entrypoint/*/*.c))
HEADERS := $(sort $(wildcard entrypoint/*/*.h))
UNITS := $(sort $(wildcard test/unit/*.c))
FUZZERS := $(patsubst test/fuzz/fuzz_%.c,%,$(sort $(wildcard test/fuzz/fuzz_*.c)))
TEMPLATES := $(shell find templates -name '.*' -prune -o -type f -print | sort)
TABLES := $(sort $(wildcard entrypoint/language/tables/*))
BASES = trixie bookworm

WARNINGS = -Wall -Wextra -Wshadow -Werror -Wpointer-arith -Wcast-qual -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2
LANGUAGE = -std=c11 -D_GNU_SOURCE -Ientrypoint '-DMBEDTLS_CONFIG_FILE=<mbedtls_config.h>'
LIBS = -lyaml -lcap -lmbedx509 -lmbedcrypto -lresolv

# ---- the release binary ----

ifeq ($(NATIVE),1)

MUSL_CC = musl-gcc
HOSTCC = gcc
ifndef DEPS
DEPS = build/deps/musl
$(DEPS)/done: tools/build-deps tools/release-flags tools/mbedtls_config.h
	tools/fetch-src build/src
	CC=$(MUSL_CC) AR=gcc-ar BUILD_CC="$(MUSL_CC) -static" CFLAGS="$$(tools/release-flags)" \
		PREFIX=$(DEPS) tools/build-deps build/src
	touch $@
MUSL_DEPS = $(DEPS)/done
endif

# -Oz for our own sources only: it makes RSA keys a third slower. What runs for each line of
# the log is the exception.
MUSL_FLAGS = $(LANGUAGE) $(WARNINGS) $(shell tools/release-flags) -Oz -isystem $(DEPS)/include \
	-idirafter $(DEPS)/kernel
MUSL_LINK = -static-pie -L$(DEPS)/lib -Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack,-z,text,-z,pack-relative-relocs
MUSL_OBJECTS = $(SOURCES:%.c=build/musl/%.o) build/musl/templates.o build/musl/tables.o
# What one command as the only child needs lies together, with its part of the libraries, at the
# beginning: the fewer places of the file are touched, the earlier that child runs.
MUSL_FIRST = $(patsubst %,build/musl/entrypoint/%.o,main command/exec command/program \
	supervise/signals supervise/spawn supervise/privilege supervise/supervise supervise/trim)
# With it lies what PID 1 needs to wait, which it maps alone once it has given back the rest
# (supervise/trim.h): the kernel maps 64 kB around each place that is touched, so all of it has to
# fit into as much. Then comes what PID 1 needs else for as long as it lives.
MUSL_SECOND = $(filter-out $(MUSL_FIRST),$(filter build/musl/entrypoint/supervise/%,$(MUSL_OBJECTS)))

build/mailinit: build/musl/mailinit
	strip -s -o $@ $<

# musl-gcc of Debian 12 takes -static-pie and links a program that wants an
# interpreter, without a word.
build/musl/mailinit: $(MUSL_OBJECTS)
	$(MUSL_CC) $(shell tools/release-flags) $(MUSL_LINK) -o $@ $(MUSL_FIRST) -lcap -lc \
		$(MUSL_SECOND) -lc $(filter-out $(MUSL_FIRST) $(MUSL_SECOND),$(MUSL_OBJECTS)) $(LIBS)
	@if readelf -lW $@ | grep -q INTERP || ! readelf -hW $@ | grep -q 'Type: *DYN'; then \
		echo "$@ is no static PIE: $(MUSL_CC) is older than musl 1.2.4;" \
			"build without NATIVE=1 (in a container)" >&2; exit 1; fi

build/musl/%.o: %.c build/musl/flags $(MUSL_DEPS)
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(MUSL_CC) $(MUSL_FLAGS) -MMD -MP -c $< -o $@

LOG_FLAGS = -O2
build/musl/entrypoint/supervise/log_%.o: MUSL_FLAGS += $(LOG_FLAGS)

build/musl/templates.o build/musl/tables.o: build/musl/%.o: build/%.c build/musl/flags
	@$(MUSL_CC) $(MUSL_FLAGS) -c $< -o $@

build/musl/flags: force
	@mkdir -p $(@D)
	@echo '$(MUSL_CC) $(DEPS)' "$$($(MUSL_CC) --version | head -n 1)" $(MUSL_FLAGS) \
		'log: $(LOG_FLAGS)' | \
		tools/if-changed $@

-include $(SOURCES:%.c=build/musl/%.d)

else

build/mailinit: $(SOURCES) $(HEADERS) $(TEMPLATES) $(TABLES) build/templates.list Dockerfile Makefile \
		$(wildcard tools/*)
	@docker version >/dev/null || { echo "no Docker engine answers: make engine sees to one," \
		"or NATIVE=1 builds here with a recent musl" >&2; exit 1; }
	tools/base-image trixie
	$(DOCKER_BUILD) -t mailinit-build --target build .
	@mkdir -p build
	@box=$$(docker create mailinit-build true); \
		docker cp "$$box:/source/build/mailinit" $@; docker rm "$$box" >/dev/null
	@touch $@

endif

# ---- the build for the tests ----

ASAN_CC = gcc
ASAN_FLAGS = $(LANGUAGE) $(WARNINGS) -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all -isystem $(ASAN_DEPS)/include
# A static library made on a newer Debian refers to a newer glibc: one set for each compiler.
ASAN_GCC := $(shell $(ASAN_CC) -dumpversion 2>/dev/null)
ASAN_DEPS := build/deps/asan-$(ASAN_GCC)
ASAN := build/asan-$(ASAN_GCC)
ASAN_LIBS = -L$(ASAN_DEPS)/lib $(LIBS)
ASAN_OBJECTS = $(patsubst %.c,$(ASAN)/%.o,$(filter-out entrypoint/main.c,$(SOURCES))) \
	$(ASAN)/templates.o $(ASAN)/tables.o
UNIT_PROGRAMS = $(UNITS:test/unit/%.c=$(ASAN)/unit/%)
REPLAYS = $(FUZZERS:%=$(ASAN)/fuzz/%)
HOSTCC ?= gcc

asan: $(ASAN)/mailinit $(UNIT_PROGRAMS) $(REPLAYS) ## mailinit and its unit tests under ASan and UBSan

$(ASAN_DEPS)/done: tools/build-deps tools/mbedtls_config.h
	tools/fetch-src build/src
	CC=$(ASAN_CC) CFLAGS="-O1 -g" PREFIX=$(ASAN_DEPS) tools/build-deps build/src
	touch $@

# An archive, so that a test is linked with what it uses, and may bring its
# own version of a function that asks the outside world.
$(ASAN)/libmailinit.a: $(ASAN_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(ASAN)/mailinit: $(ASAN)/entrypoint/main.o $(ASAN)/libmailinit.a
	@echo "  LD $@"
	@$(ASAN_CC) $(ASAN_FLAGS) -o $@ $^ $(ASAN_LIBS)

$(ASAN)/unit/%: $(ASAN)/test/unit/%.o $(ASAN)/libmailinit.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(ASAN_CC) $(ASAN_FLAGS) -o $@ $^ $(ASAN_LIBS)

$(ASAN)/test/unit/%.o: test/unit/%.c $(ASAN)/flags $(ASAN_DEPS)/done
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(ASAN_CC) $(ASAN_FLAGS) -Itest/unit -MMD -MP -c $< -o $@

# The fuzz targets without libFuzzer, which gcc lacks: they replay their corpora.
$(ASAN)/fuzz/%: $(ASAN)/test/fuzz/fuzz_%.o $(ASAN)/test/fuzz/replay.o $(ASAN)/libmailinit.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(ASAN_CC) $(ASAN_FLAGS) -o $@ $^ $(ASAN_LIBS)

$(ASAN)/%.o: %.c $(ASAN)/flags $(ASAN_DEPS)/done
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(ASAN_CC) $(ASAN_FLAGS) -MMD -MP -c $< -o $@

$(ASAN)/templates.o $(ASAN)/tables.o: $(ASAN)/%.o: build/%.c $(ASAN)/flags
	@$(ASAN_CC) $(ASAN_FLAGS) -c $< -o $@

$(ASAN)/flags: force
	@mkdir -p $(@D)
	@echo "$$($(ASAN_CC) --version | head -n 1)" $(ASAN_FLAGS) | tools/if-changed $@

-include $(SOURCES:%.c=$(ASAN)/%.d) $(UNITS:%.c=$(ASAN)/%.d) \
	$(FUZZERS:%=$(ASAN)/test/fuzz/fuzz_%.d) $(ASAN)/test/fuzz/replay.d

# The same for the image of `make test ASAN_IMAGE=1`, which has no library of the sanitizers.
$(ASAN)/image/mailinit: $(ASAN)/entrypoint/main.o $(ASAN)/libmailinit.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(ASAN_CC) $(ASAN_FLAGS) -static-libasan -static-libubsan -o $@ $^ $(ASAN_LIBS)

# ---- the build for valgrind, which does not go with sanitizers ----

PLAIN := build/plain-$(ASAN_GCC)
PLAIN_FLAGS = $(LANGUAGE) -O1 -g -isystem $(ASAN_DEPS)/include

plain: $(PLAIN)/mailinit

$(PLAIN)/libmailinit.a: $(ASAN_OBJECTS:$(ASAN)/%=$(PLAIN)/%)
	@rm -f $@
	@ar rcs $@ $^

$(PLAIN)/mailinit: $(PLAIN)/entrypoint/main.o $(PLAIN)/libmailinit.a
	@echo "  LD $@"
	@$(ASAN_CC) -o $@ $^ $(ASAN_LIBS)

$(PLAIN)/%.o: %.c $(PLAIN)/flags $(ASAN_DEPS)/done
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(ASAN_CC) $(PLAIN_FLAGS) -MMD -MP -c $< -o $@

$(PLAIN)/templates.o $(PLAIN)/tables.o: $(PLAIN)/%.o: build/%.c $(PLAIN)/flags
	@$(ASAN_CC) $(PLAIN_FLAGS) -c $< -o $@

$(PLAIN)/flags: force
	@mkdir -p $(@D)
	@echo "$$($(ASAN_CC) --version | head -n 1)" $(PLAIN_FLAGS) | tools/if-changed $@

-include $(SOURCES:%.c=$(PLAIN)/%.d)

# ---- the fuzz targets, with clang's libFuzzer (tools/fuzz) ----

FUZZ_CC = clang
FUZZ_FLAGS = $(LANGUAGE) -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -isystem $(ASAN_DEPS)/include
FUZZ_OBJECTS = $(patsubst %.c,build/fuzz/%.o,$(filter-out entrypoint/main.c,$(SOURCES)) \
	build/templates.c build/tables.c)

build/fuzz/fuzz_%: build/fuzz/test/fuzz/fuzz_%.o build/fuzz/libmailinit.a
	@echo "  LD $@"
	@$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^ $(ASAN_LIBS)

build/fuzz/libmailinit.a: $(FUZZ_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

build/fuzz/%.o: %.c build/fuzz/flags $(ASAN_DEPS)/done
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(FUZZ_CC) $(FUZZ_FLAGS) -MMD -MP -c $< -o $@

build/fuzz/flags: force
	@mkdir -p $(@D)
	@echo "$$($(FUZZ_CC) --version | head -n 1)" $(FUZZ_FLAGS) | tools/if-changed $@

-include $(SOURCES:%.c=build/fuzz/%.d) $(FUZZERS:%=build/fuzz/test/fuzz/fuzz_%.d)

# ---- the templates and the tables of parameters, as C ----

build/embed: tools/embed.c
	@mkdir -p $(@D)
	@$(HOSTCC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O1 -o $@ $<

# The list changes when a template is removed, which no time stamp would show.
build/templates.list: force
	@mkdir -p $(@D)
	@echo $(TEMPLATES) | tools/if-changed $@

build/templates.c: build/embed build/templates.list $(TEMPLATES)
	@build/embed template templates >$@

build/tables.c: build/embed $(TABLES)
	@build/embed language entrypoint/language/tables >$@

# ---- images ----

# The old builder prints a warning where the client has no BuildKit plugin;
# asking for it in so many words keeps the output clean.
DOCKER_BUILD = DOCKER_BUILDKIT=$$(docker buildx version >/dev/null 2>&1 && echo 1 || echo 0) \
	docker build $(PROXIES)
# A machine behind a proxy names it in its environment; the build needs it as well.
PROXIES := $(foreach v,http_proxy https_proxy no_proxy,$(if $($(v)),--build-arg $(v)))

engine: ## install or start a Docker engine, if none answers
	tools/engine

image: $(BASES:%=image-%) ## the images mailinit:trixie and mailinit:bookworm

image-%: engine
	tools/base-image trixie
	tools/base-image $*
	@echo "building mailinit:$* (the first time takes a few minutes)"
	$(DOCKER_BUILD) -t mailinit:$* --build-arg BASE=debian:$*-slim .

image-client: engine
	tools/base-image trixie
	$(DOCKER_BUILD) -t mailinit-client --target client test/image

image-test: engine
	tools/base-image trixie
	$(DOCKER_BUILD) -t mailinit-test test/image

# What stacks are tested with beside mailinit: an application, a web mail, a browser.
image-web: engine
	tools/base-image trixie
	$(DOCKER_BUILD) -t mailinit-web -f test/image/web.Dockerfile test/image

# mailinit:trixie with the build for the tests in it. That is made where the tests run, for
# the libc of trixie: there is none for bookworm, whose libc is older.
image-asan: image-test image-trixie
	tools/in-container mailinit-test -- make -j2 image-asan-binary
	$(DOCKER_BUILD) -t mailinit-asan:trixie -f test/image/asan.Dockerfile build/asan-image

image-asan-binary: $(ASAN)/image/mailinit
	@mkdir -p build/asan-image
	@cp $< build/asan-image/mailinit

# ---- run ----

BIND ?= 127.0.0.1
PROJECT ?= mailinit-run
COMPOSE = BIND=$(BIND) tools/compose -p $(PROJECT) -f compose/all-in-one.yaml

run: image-trixie image-client compose/secrets/info_password ## start it all, and send a first mail
	@$(COMPOSE) up -d --no-build --remove-orphans || { \
		echo "Is a port taken? SMTP_PORT=2525 make run takes another one, and so do SUBMISSION_PORT," \
			"SUBMISSIONS_PORT, IMAP_PORT, IMAPS_PORT, POP3_PORT, POP3S_PORT. make stop removes" \
			"what is half there."; exit 1; } >&2
	tools/in-container mailinit-client --network $(PROJECT)_default -- \
		python3 tools/first-mail $(PROJECT) compose/secrets/info_password

stop: ## stop what `make run` started (VOLUMES=delete: and delete its mail)
	$(COMPOSE) down $(if $(filter delete,$(VOLUMES)),--volumes)

compose/secrets/info_password:
	@mkdir -p -m 0700 $(@D)
	@(umask 077; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >$@)
	@echo "a password for info@example.com was made: $@"

# ---- tests ----

# Everything below test-here happens in a container that has the tools; it is
# given the engine's socket, and this directory under its own name.
# With ASAN_IMAGE=1 the stories of TESTS are played with sanitizers in the image, on trixie.
test: image-test image-web image $(if $(ASAN_IMAGE),image-asan) ## all tests (TESTS=... for some of the bats files)
	@$(MAKE) build/mailinit
	@tools/in-container mailinit-test $(if $(ASAN_IMAGE),-e MAILINIT_IMAGE=mailinit-asan) -- \
		test/run $(TESTS)

test-here: asan ## the tests, on this machine's own tools
	@test/run $(TESTS)

unit: $(UNIT_PROGRAMS) ## the unit tests alone
	@test/run --unit

lint: ## format, warnings of several checkers, headers alone, arrows of the rooms
	tools/lint

# The figures are for people: nothing is asserted, and raw samples are kept in build/bench.
# BENCH has some of the parts: dry_run; exec, signals, stop, orphans and logs beside other inits
# and loggers; start, banner, kill and mail of the whole image beside other arrangements of it.
RUNS ?= 11
BENCH ?= size dry_run first $(BENCH_INITS) logs $(BENCH_IMAGE)
BENCH_INITS = exec signals stop orphans
BENCH_IMAGE = start banner kill mail
# Namespaces for each init that takes its turn as PID 1.
BENCH_MAY = --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
	--security-opt apparmor=unconfined --entrypoint env

bench: image image-test ## figures beside other inits, loggers and images (RUNS=11, BENCH=... for some parts)
	@$(MAKE) build/mailinit
	@$(if $(filter $(BENCH_INITS) logs $(BENCH_IMAGE),$(BENCH)),$(MAKE) image-peers)
	@$(if $(filter size,$(BENCH)),echo "build/mailinit: $$(stat -c %s build/mailinit) bytes")
	@$(if $(filter dry_run,$(BENCH)),tools/in-container mailinit-test -- \
		python3 test/bench/dry_run.py $(RUNS))
	@$(if $(filter first,$(BENCH)),for base in $(BASES); do tools/in-container mailinit-test -- \
		python3 test/bench/start.py mailinit:$$base $(RUNS); done)
	@$(if $(filter $(BENCH_INITS),$(BENCH)),tools/in-container mailinit-peers $(BENCH_MAY) -- \
		python3 test/bench/inits.py $(RUNS) $(filter $(BENCH_INITS),$(BENCH)))
	@$(if $(filter logs,$(BENCH)),tools/in-container mailinit-peers $(BENCH_MAY) -- \
		python3 test/bench/logs.py $(RUNS))
	@$(if $(filter $(BENCH_IMAGE),$(BENCH)),tools/in-container mailinit-test -- \
		python3 test/bench/image.py mailinit-peers $(RUNS) $(filter $(BENCH_IMAGE),$(BENCH)))

# mailinit:trixie with other inits, supervisors and loggers in it, and programs that measure.
# PEERS=DIR: a directory with more of them, which no Debian release has: dinit, nitro.
image-peers: image-trixie build/mailinit
	$(DOCKER_BUILD) -q -t mailinit-build --target build . >/dev/null
	@rm -rf build/bench/peers && mkdir -p build/bench
	@cp -r test/bench/peers build/bench/peers
	@cp test/pid1/driver.c build/bench/peers
	@mkdir build/bench/peers/more && $(if $(PEERS),cp $(wildcard $(PEERS)/*) build/bench/peers/more/,:)
	$(DOCKER_BUILD) -t mailinit-peers build/bench/peers

SECONDS ?= 60
fuzz: ## each libFuzzer target (or TARGETS=...) for SECONDS
	tools/fuzz $(SECONDS) $(TARGETS)

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z][a-z/-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | expand -t 16
	@echo "build/mailinit  the binary (default)"

# What build lines of the checkers need to know.
print-%:
	@printf '%s\n' "$($*)"

docs: $(ASAN)/mailinit ## what the documents take from the tables of settings and findings
	tools/make-docs $(ASAN)/mailinit .

force:

.PHONY: image-peers docs fuzz asan plain engine image image-client image-test image-web image-asan image-asan-binary run stop test test-here unit lint bench clean help force
# Objects stay, though only a pattern mentions them.
.SECONDARY:
