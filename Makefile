# `make` alone explains itself: every target's help is the text after its ##.

GO       ?= go
DATABASE ?= sqlite:demo.db

# Pinned, so that a new linter release never turns an old commit red.
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT         := bin/golangci-lint-$(GOLANGCI_LINT_VERSION)

# Files of npm packages that the browser gets, as paths below node_modules; the
# packages stand under "dependencies" in package.json. The binary embeds them
# when they are there and every page works without them. None is needed yet.
BROWSER_FILES :=

# CI measures this commit, never a result remembered from another run.
TEST_FLAGS ?= $(if $(CI),-count=1)

.DEFAULT_GOAL := help
.PHONY: help setup build demo watch test check all-checks lint race fuzz mutate sweep generate outdated bench clean \
	browser-files-if-npm check-format vet

help: ## Show this list
	@echo "Yrkesresan. To try it: make demo. Before you push: make check."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: node_modules/.package-lock.json ## Fetch the npm packages and lay out what the browser gets from them
	@mkdir -p internal/web/vendor
	@for file in $(BROWSER_FILES); do cp "node_modules/$$file" internal/web/vendor/ || exit 1; done

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	npm ci
	@touch $@

build: ## Build bin/yrkesresan (needs nothing but Go)
	$(GO) build -o bin/yrkesresan ./cmd/yrkesresan

demo: browser-files-if-npm ## Build, load the invented demo into demo.db and serve it; the address is printed
	@$(MAKE) --no-print-directory build
	bin/yrkesresan demo --db $(DATABASE)

# templ sees templates and Go files change, generates, builds and starts anew; the
# address that it opens reloads the page. demo.db stays as it is.
watch: ## Serve the demo at http://127.0.0.1:7331 and begin again whenever a file changes
	$(GO) tool templ generate -watch -open-browser=false -proxy=http://127.0.0.1:8080 \
		-cmd="$(GO) run ./cmd/yrkesresan demo --db $(DATABASE)"

# The demo must run with Go and make alone, so here a missing npm is no failure.
browser-files-if-npm:
	@if ! command -v npm >/dev/null; then \
		echo "npm is not installed: the pages run without the optional script."; \
	elif ! $(MAKE) --no-print-directory setup; then \
		echo "npm could not fetch its packages: the pages run without the optional script."; \
	fi

test: ## Install what the tests need, then run them all: both database engines and the browser
	scripts/install-test-needs
	scripts/with-postgres $(GO) test -timeout 50m $(TEST_FLAGS) ./...

check: check-format vet lint test ## What CI runs and you run before you push: format, vet, lint, tests

all-checks: check race fuzz mutate ## What is slow, too: check, race, fuzz and mutate

# Where things run at once. The pages and the browser are left out: they take the
# race detector a quarter of an hour, and what they share is in these packages.
RACE_PACKAGES := $$($(GO) list ./... | grep -vE '/(web|browsertest|bench|demo)(/|$$)')

race: ## Run the tests of what runs at once under the race detector (needs a C compiler)
	CGO_ENABLED=1 scripts/with-postgres $(GO) test -race -timeout 30m $(RACE_PACKAGES)

# How many pages of each kind. All of them take many hours and differ in their rows only.
SWEEP ?= 1
sweep: ## Open each kind of page in every role in all views and both languages; SWEEP=N opens N of each
	scripts/install-test-needs
	YRKESRESAN_SWEEP=$(SWEEP) $(GO) test -count=1 -timeout 6h -run TestEveryPageOfEveryRole ./internal/browsertest/

# `make test` tries the seeds only. A find is kept in the package's testdata/fuzz.
FUZZ_TIME ?= 30s
fuzz: ## Feed each fuzz target for FUZZ_TIME, half a minute
	@grep -rE '^func Fuzz' --include='*_test.go' internal | sed -E 's|^(.*)/[^/]*:func (Fuzz[A-Za-z0-9]+).*|\1 \2|' | \
	while read -r package target; do \
		echo "$$package $$target"; \
		scripts/with-postgres $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ_TIME) "./$$package" </dev/null || exit 1; \
	done

mutate: ## Break the product in the ways of internal/mutate/breaks.toml: each must fail a test
	scripts/with-postgres $(GO) run ./internal/mutate

check-format:
	@unformatted=$$(gofmt -l *.go cmd internal) || exit 1; \
	if [ -n "$$unformatted" ]; then echo "Run gofmt -w on:"; echo "$$unformatted"; exit 1; fi

vet:
	$(GO) vet ./...

lint: $(GOLANGCI_LINT) ## Run the linters of .golangci.yml (the first time builds them, some minutes)
	$(GOLANGCI_LINT) run ./...

$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv bin/golangci-lint $@

generate: ## Write the Go code of the templates (*_templ.go); commit it with them
	$(GO) tool templ generate

outdated: ## List what go.mod asks for and npm brings that has a newer version
	@$(GO) list -m -u -f '{{with .Update}}{{$$.Path}} {{$$.Version}} -> {{.Version}}{{end}}' \
		$$($(GO) list -m -f '{{if not (or .Main .Indirect)}}{{.Path}}{{end}}' all)
	@npm outdated || true # it calls it a failure that there is something to list

bench: ## Seed 300 000 people, serve them and measure each page (takes many minutes)
	$(GO) run ./internal/bench

clean: ## Remove what was built, fetched and loaded here
	rm -rf bin bench-out node_modules demo.db demo.db-shm demo.db-wal
	find internal/web/vendor -mindepth 1 ! -name .gitkeep -delete
