# Two commands do everything on a fresh machine: `make run` and `make test`. Each installs what it needs by itself.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# How many workers run the tests; `auto` is one more than cores (tests/tools/turns.py).
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help run test check watch one lint format types lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## Show the product at http://127.0.0.1:8080 (PORT changes it, SITE shows a site's brand)
	@PORT=$(PORT) $(BIN)/python -m infra.local $(if $(SITE),--site '$(SITE)')

test: $(READY) programs ## Everything that has to pass: style, types, and every test on all cores
	@$(BIN)/python -m tests.tools.affected --all $(WORKERS)

check: $(READY) ## Style, types and the tests of what changed since main (SINCE), in under a minute
	@$(BIN)/python -m tests.tools.affected --since $(or $(SINCE),main)

watch: $(READY) ## Run the tests of each file that is saved
	@$(BIN)/python -m tests.tools.affected --watch

one: $(READY) ## One test: make one TEST=tests/functions/test_routes.py::test_name; what failed last: make one TEST=--lf
	@$(BIN)/python -m pytest -q $(or $(TEST),$(error TEST names a file, a folder, a test or an option of pytest))

lint: $(READY) ## Style, without changing anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tests.frontend.check_style

types: $(READY) ## Types of the functions, the infrastructure, the tests and the page
	$(BIN)/mypy
	$(BIN)/python -m tests.frontend.check_types

format: $(READY) ## Put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# A browser is found, or installed from the system's packages; the tests are never skipped for want of one.
.PHONY: programs
programs: $(READY)
	@$(BIN)/python -m tests.tools.programs chromium whole-chromium firefox turnserver

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Passerby needs Python 3.11 or newer; $(PYTHON) is older or missing. PYTHON=/path/to/python3 names another." >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock || \
		{ echo "The packages of requirements.lock could not be installed; is PyPI reachable from here?" >&2; exit 1; }
	@touch $(READY)

lock: ## Resolve requirements.in again (needs uv: https://docs.astral.sh/uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet requirements.in -o requirements.lock

clean: ## Remove what was made here
	rm -rf $(VENV) node_modules build cdk.out .pytest_cache .mypy_cache .ruff_cache .hypothesis

-include infra/deploy.mk
-include infra/desk/desk.mk
-include tests/call/calls.mk
-include tests/conformance/conformance.mk
-include tests/security/fuzz.mk
-include tests/simulation/simulation.mk
-include tests/town/town.mk
-include tests/browser/survival.mk
-include tests/load/day.mk
-include tests/bench/bench.mk
