# Pressroom: `make serve` sets up and runs everything. Settings go on the command line:
#   make serve PORT=8123 DATA=/some/folder
# They are not taken from the environment, where HOST and PORT often mean something else.
PORT = 8000
HOST = 127.0.0.1
DATA = ./data
# Arguments for pytest or the benchmarks: make test ARGS="-k slugs"
ARGS =
# Test processes at once. Many tests wait for servers and builds of their own, so one more than two cores is faster.
JOBS = 3
# The Python to make .venv with; empty finds one.
PYTHON =

# Nothing is written outside this folder, except to the cache of a uv that is yours.
ifeq ($(shell command -v uv 2>/dev/null),)
export UV_CACHE_DIR ?= $(CURDIR)/.cache/uv
endif
# Company networks sign with certificates of their own: those that the machine trusts, uv trusts.
ifneq ($(wildcard /etc/ssl/certs/*),)
export UV_SYSTEM_CERTS ?= 1
endif

BIN = .venv/bin
SOURCES = $(wildcard src tests benchmarks scripts examples)
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" pyproject.toml requirements/setup.in

.PHONY: help serve dev test coverage check lint format bench docs screenshots setup setup-dev lock upgrade clean
.NOTPARALLEL:

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: setup ## Run everything at http://HOST:PORT, with its data in DATA
	@exec $(BIN)/pressroom --data "$(DATA)" serve --host "$(HOST)" --port "$(PORT)"

dev: setup ## The same, reloading when the code changes
	@PRESSROOM_DATA="$(DATA)" exec $(BIN)/uvicorn pressroom.main:app --reload --reload-dir src --host "$(HOST)" --port "$(PORT)"

test: setup-dev ## Run every test
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

coverage: setup-dev ## Run every test and measure what they reach, in twice the time
	$(BIN)/pytest -n $(JOBS) --dist worksteal --cov

check: lint test ## What must pass before every commit

lint: setup-dev ## Lint, format, types, layers
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup-dev ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: setup-dev ## Measure; the numbers are quoted in docs/performance.md
	$(BIN)/python -m benchmarks $(ARGS)

docs: setup-dev ## Renew the tables and the OpenAPI document in docs/
	$(BIN)/python scripts/documents.py .

screenshots: setup-dev ## Renew the pictures in docs/images
	PRESSROOM_TEST_SCREENSHOTS=1 $(BIN)/pytest -q tests/e2e -k browser

setup: ## Only set up: the program is .venv/bin/pressroom
	@PYTHON="$(PYTHON)" sh scripts/setup.sh runtime

setup-dev: ## Set up with what tests and linters need
	@PYTHON="$(PYTHON)" sh scripts/setup.sh dev

lock: setup-dev ## Follow pyproject.toml in the lock files
	$(LOCK) --output-file requirements/runtime.lock
	$(LOCK) --group dev --constraint requirements/runtime.lock --output-file requirements/dev.lock

upgrade: ## Lock the newest versions that pyproject.toml allows
	$(MAKE) lock LOCK='$(LOCK) --upgrade'

clean: ## Remove .venv and everything set-up and tests made; never your data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* htmlcov
