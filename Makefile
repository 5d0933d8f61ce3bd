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
.PHONY: help setup build demo test check lint generate bench clean browser-files-if-npm check-format vet

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

# The demo must run with Go and make alone, so here a missing npm is no failure.
browser-files-if-npm:
	@if ! command -v npm >/dev/null; then \
		echo "npm is not installed: the pages run without the optional script."; \
	elif ! $(MAKE) --no-print-directory setup; then \
		echo "npm could not fetch its packages: the pages run without the optional script."; \
	fi

test: ## Install what the tests need, then run them all: both database engines and the browser
	scripts/install-test-needs
	scripts/with-postgres $(GO) test -timeout 30m $(TEST_FLAGS) ./...

check: check-format vet lint test ## Everything that must be right before you push: format, vet, lint, tests

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

bench: ## Seed 300 000 people, serve them and measure each page (takes many minutes)
	$(GO) run ./internal/bench

clean: ## Remove what was built, fetched and loaded here
	rm -rf bin bench-out node_modules demo.db demo.db-shm demo.db-wal
	find internal/web/vendor -mindepth 1 ! -name .gitkeep -delete
