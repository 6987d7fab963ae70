# Everything a person does with a checkout of Kinodock. `make help` lists it.
# Recipes that need more than two lines stand in scripts/.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# What `make run` listens on and where it keeps its data, for example: make run LISTEN=0.0.0.0:3000. What is not given
# here comes from the environment and the settings file, as always.
LISTEN ?=
DATA ?=
# Passed on to `swift build` and `swift test`, for example SWIFT_FLAGS="--jobs 1".
SWIFT_FLAGS ?=
export SWIFT_FLAGS

SWIFT_SOURCES = Package.swift Sources Plugins Tests examples

.PHONY: help setup build examples run test unit-test end-to-end sanitize bench format lint clean

help: ## list the targets
	@echo "Kinodock: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building needs (Debian packages, with apt-get, only what is missing)
	@scripts/setup.sh build

build: setup ## build the release and put the plugins into build/plugins
	@scripts/build.sh

examples: build ## build the plugins of examples/ into build/examples
	@scripts/examples.sh swift

run: build ## build, then serve on LISTEN (127.0.0.1:3000) with the data in DATA (~/.local/share/kinodock)
	@scripts/setup.sh run
	@echo "==> serving; Ctrl-C ends it"
	@PATH="$$PATH:$(CURDIR)/build/yt-dlp/bin" exec .build/release/kinodock serve $(if $(DATA),--data "$(DATA)") $(if $(LISTEN),--listen "$(LISTEN)")

test: ## install what testing needs, build, run the unit tests and the end-to-end tests
	@scripts/setup.sh build run test
	@scripts/test.py

unit-test: setup ## the unit tests alone
	@scripts/test.py --only unit

end-to-end: ## the end-to-end tests alone; PATTERN=queue picks some by name
	@scripts/setup.sh build run test
	@scripts/test.py --only end-to-end $(if $(PATTERN),--pattern '$(PATTERN)')

sanitize: setup ## the unit tests with the address and the thread sanitizer (slow)
	@scripts/sanitize.sh address
	@scripts/sanitize.sh thread

bench: ## measure against nginx on this machine and write docs/benchmarks.md
	@scripts/setup.sh build run bench
	@scripts/build.sh
	@python3 Tests/Bench/bench.py --write docs/benchmarks.md

format: ## format the Swift sources in place
	@echo "==> formatting"
	@swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

lint: ## check the format of the Swift sources and the syntax of the Python and shell ones
	@scripts/lint.sh

clean: ## remove everything that was built
	@echo "==> removing .build and build"
	@rm -rf .build build examples/*/.build examples/*/build
