# The linter and the vulnerability checker are pinned in .ci/*.mod, beside go.mod
# and not in it: their hundreds of dependencies are none of the program's.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# We stamp the version ourselves; Go's own stamping fails in a checkout that
# belongs to another user.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

GIT     := git -c safe.directory='*'
VERSION := $(shell $(GIT) describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT  := $(shell $(GIT) rev-parse HEAD 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION) -X main.commit=$(COMMIT)

ARGS      ?= --demo
PKG       ?= ./...
TESTFLAGS ?=
BENCH     ?= .
COUNT     ?= 1
BENCHTIME ?= 1s
FUZZ      ?= .
FUZZTIME  ?= 30s

.PHONY: help run build test check fmt vet lint vuln bench fuzz

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: build ## build, then serve a demonstration (ARGS="..." for other flags)
	bin/ltihub serve $(ARGS)

build: ## build bin/ltihub, a static binary that knows its version
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ltihub ./cmd/ltihub

test: ## run all tests under the race detector (PKG, TESTFLAGS); installs what they need
	@.ci/setup cc chromium postgres net-oauth oauthlib npm
	go test -race -timeout 15m $(TESTFLAGS) $(PKG)

check: fmt vet lint vuln ## gofmt, go vet, golangci-lint and govulncheck

fmt: ## fail if a Go file is not as gofmt writes it
	@out=$$(gofmt -l $(wildcard cmd internal web migrations)); \
	if [ -n "$$out" ]; then printf 'not gofmt-ed:\n%s\n' "$$out" >&2; exit 1; fi

vet: ## go vet
	go vet ./...

lint: ## golangci-lint under .golangci.yml (the first run builds it: minutes)
	go tool -modfile=.ci/lint.mod golangci-lint run

vuln: ## fail if our code calls something with a known vulnerability
	@.ci/vuln

bench: ## run the benchmarks (BENCH=regexp, COUNT, BENCHTIME, PKG)
	go test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) -timeout 60m $(PKG)

fuzz: ## run each fuzz test for FUZZTIME (FUZZ=regexp, PKG)
	@FUZZ='$(FUZZ)' FUZZTIME='$(FUZZTIME)' .ci/fuzz $(PKG)
