# The chores around the code; `make help` lists them. Two matter: `make report` and `make test`.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
DESTDIR ?=
SHARE = $(DESTDIR)$(PREFIX)/share/tenancy
SCENARIO ?= Scenarios/hosting-2006.yaml
# By the shell: the functions of make divide a path at its blanks.
NAME := $(shell name=$$(basename -- "$(SCENARIO)"); printf %s "$${name%.*}")
SWIFT ?= swift
# Release throughout (Docs/Decisions/0001): users, tests and benchmarks run the same code.
RELEASE := -c release
TENANCY := .build/release/tenancy
SOURCES := Package.swift Sources Tests $(wildcard Benchmarks/Package.swift Benchmarks/Sources Benchmarks/HostBenchmark)
# Suites far from any output, left out where the tests run once more for the sake of the output.
# Named by what is left out, so that a suite nobody thought of runs.
NO_OUTPUT := --skip '^DiscreteEventsTests\.' --skip '^StatisticsTests\.'

.PHONY: help report build debug test scripts-test fmt check bench bench-peers golden reports docs \
  install setup clean

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

report: ## set up, build, answer SCENARIO (hosting-2006) and write its report
	@Scripts/setup report
	$(SWIFT) build $(RELEASE) --product tenancy
	@mkdir -p out
	@$(TENANCY) run "$(SCENARIO)" --out "out/$(NAME)" --replace || { status=$$?; [ $$status -eq 4 ] || exit $$status; \
	  printf '\nAnswered, but not with the precision that the scenario asks for (exit status 4).\n'; }
	@printf '\nThe report: %s\n' "$(CURDIR)/out/$(NAME)/report.html"

build: ## set up and build the tenancy binary
	@Scripts/setup build
	$(SWIFT) build $(RELEASE) --product tenancy

debug: ## build without optimization, as editors do
	@Scripts/setup build
	$(SWIFT) build

test: scripts-test ## set up, build, run the guides' commands and all tests; output again under random hashing
	$(SWIFT) build $(RELEASE) --build-tests
	Tests/Scripts/guide-commands $(TENANCY)
	Tests/Scripts/command-line $(TENANCY)
	Tests/Scripts/output-commands $(TENANCY)
	SWIFT_DETERMINISTIC_HASHING=1 $(SWIFT) test $(RELEASE) --skip-build --disable-xctest
	env -u SWIFT_DETERMINISTIC_HASHING \
	  $(SWIFT) test $(RELEASE) --skip-build --disable-xctest $(NO_OUTPUT)

scripts-test: # set-up for tests, then the tests of set-up, installation, the rules and .ci/run
	@Scripts/setup test
	@Tests/Scripts/run

fmt: ## format every Swift file in place
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

check: scripts-test ## lint Swift and the scripts, and check the rules of the house
	@Scripts/setup check
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	shellcheck -x Benchmarks/run $(filter-out %.py,$(wildcard Scripts/*)) .ci/run Tests/Scripts/*
	@Scripts/check-rules

bench: ## benchmarks against their C++ references, interleaved, as ratios of CPU time
	@Scripts/setup build
	@mkdir -p out
	@Benchmarks/run --json out/bench.json

bench-peers: ## the same work in SimPy, SimGrid and ns-3, where they are installed
	@Scripts/setup build
	@mkdir -p out
	@Benchmarks/peers --json out/bench-peers.json

golden: ## rewrite golden digests and what guides show (only for an intended change; say which)
	@Scripts/setup test
	$(SWIFT) build $(RELEASE) --build-tests
	TENANCY_GOLDEN=write $(SWIFT) test $(RELEASE) --skip-build --disable-xctest \
	  --filter '[Gg]olden'
	$(SWIFT) build $(RELEASE) --product tenancy
	Scripts/renew-guides.py
	@git --no-pager diff --stat

reports: ## regenerate the sample reports under Reports/
	@Scripts/setup report
	$(SWIFT) build $(RELEASE) --product tenancy
	@Scripts/sample-reports $(TENANCY)

docs: ## the libraries' reference pages, under .build/reference
	@Scripts/setup build
	$(SWIFT) build $(RELEASE) --target DiscreteEvents
	$(SWIFT) build $(RELEASE) --target Statistics
	@Scripts/reference .build/reference

# Linked with Swift's libraries inside, so that the binary outlives the toolchain it was built with.
# What an older version installed goes first: a profile that is gone must not be found any more.
install: ## build a binary that needs no toolchain; put it, profiles and scenarios under PREFIX
	@Scripts/setup build
	$(SWIFT) build $(RELEASE) --product tenancy --static-swift-stdlib --scratch-path .build/install
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)"
	install -m 755 .build/install/release/tenancy "$(DESTDIR)$(PREFIX)/bin/tenancy"
	rm -rf "$(SHARE)/Profiles" "$(SHARE)/Scenarios"
	cp -R Sources/Virtualization/Profiles Scenarios "$(SHARE)/"
	chmod -R u=rwX,go=rX "$(SHARE)/Profiles" "$(SHARE)/Scenarios"

setup: ## install everything any goal needs
	@Scripts/setup all

clean: ## remove what was built and answered, but not .venv
	rm -rf .build out
