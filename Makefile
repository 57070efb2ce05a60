# Thin front of CMakePresets.json. On a fresh Debian 12 machine 'make demo' and 'make test' need
# nothing done before: scripts/setup installs what is missing.

.PHONY: soak help demo test build release format lint install package bench clean setup \
        check-format check-dev check-optimised check-asan-ubsan check-fuzz
.NOTPARALLEL:

JOBS   ?= $(shell nproc)
PREFIX ?= /usr/local

help:
	@echo "make demo     build capimg and show it on the memory of a real Genode component"
	@echo "make test     everything CI checks: format, build, tests, lint, sanitizers"
	@echo "make build    build the development preset, build/dev/tools/capimg"
	@echo "make check-dev  build everything optimised, and run all tests on it"
	@echo "make soak     migrate simulated components: SEEDS=1000, from FIRST=1 on"
	@echo "make check-fuzz  build the fuzz targets with libFuzzer, and run their corpora"
	@echo "make bench    measure against other tools"
	@echo "make format   format the sources, make lint: run clang-tidy"
	@echo "make install  install to PREFIX (default /usr/local; DESTDIR works)"
	@echo "make package  build a Debian package in build/release"
	@echo "make clean    remove build/"

setup:
	@scripts/setup

build: setup
	@cmake --preset dev > /dev/null
	@cmake --build --preset dev -j $(JOBS)

release: setup
	@cmake --preset release -DCMAKE_INSTALL_PREFIX=$(PREFIX) > /dev/null
	@cmake --build --preset release -j $(JOBS)

demo: setup
	@cmake --preset dev > /dev/null
	@cmake --build --preset dev -j $(JOBS) --target capimg
	@scripts/demo build/dev/tools/capimg

# cheap checks first: what fails should fail soon
test: check-format check-optimised lint check-asan-ubsan
	@echo "make test: all passed"

check-format: setup
	@scripts/format --check

check-dev: build
	@ctest --preset dev -j $(JOBS)

# what the sanitizers leave out (tests/CMakeLists.txt)
check-optimised: setup
	@cmake --preset dev > /dev/null
	@cmake --build --preset dev -j $(JOBS) --target optimised
	@ctest --preset dev -j $(JOBS) -L optimised

lint: setup
	@cmake --preset dev > /dev/null
	@cmake --build --preset dev -j $(JOBS) --target capimg capnpc-capimg
	@scripts/lint

check-asan-ubsan: setup
	@cmake --preset asan-ubsan > /dev/null
	@cmake --build --preset asan-ubsan -j $(JOBS)
	@ctest --preset asan-ubsan -j $(JOBS)

check-fuzz: setup
	@cmake --preset fuzz > /dev/null
	@cmake --build --preset fuzz -j $(JOBS)
	@ctest --preset fuzz -j $(JOBS)

format: setup
	@scripts/format

# SEEDS seeds from FIRST on for the simulated system (docs/SIMULATION.md)
soak: setup
	@cmake --preset dev > /dev/null
	@cmake --build --preset dev --target soak
	@build/dev/tests/soak $(or $(FIRST),1) $(or $(SEEDS),1000)

bench: setup
	@cmake --preset bench > /dev/null
	@cmake --build --preset bench -j $(JOBS)
	@scripts/bench build/bench

install: release
	@cmake --install build/release

package: release
	@cd build/release && cpack -G DEB

clean:
	rm -rf build
