# A fresh machine needs CPython 3.11 or later, make and git. `make help` lists what there is.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint format pytest wheel lock clean histories kills soak bench bench-checkout bench-growth bench-pages bench-faces bench-money screens

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SHOW := sed -un -e 's/^Collecting \([^ ]*\).*/  \1/p' -e '/^Success/s/^.*/  done/p'
export TONGDAO_DATA ?= $(CURDIR)/.demo

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: $(BIN)/.package ## install, start everything with a demo merchant, show where to look
	@$(BIN)/tongdao demo

test: lint pytest ## everything that must pass: lint, then all tests

pytest: $(BIN)/.dev
	$(BIN)/python -m pytest

lint: $(BIN)/.dev ## style, types, import order, size
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/size_report.py

format: $(BIN)/.dev ## put the code into its style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

histories: $(BIN)/.dev ## 10,000 drawn histories of what can meet in buying, 1,500 of complaints, and what was drawn (two hours)
	TONGDAO_EXAMPLES=$${TONGDAO_EXAMPLES:-10000} $(BIN)/python -m pytest -q tests/interleaving/test_market.py
	TONGDAO_EXAMPLES=$$(( $${TONGDAO_EXAMPLES:-10000} / 10 )) $(BIN)/python -m pytest -q tests/interleaving/test_hearings.py

kills: $(BIN)/.dev ## kill -9 under load, 50 rounds: web process, database, connection (a quarter of an hour)
	KILL_ROUNDS=$${KILL_ROUNDS:-50} $(BIN)/python -m pytest -q tests/killing/test_rush.py tests/killing/test_the_end.py

soak: $(BIN)/.dev ## 100,000 orders of many lines while everything else goes on: no deadlock
	SOAK_ORDERS=$${SOAK_ORDERS:-100000} $(BIN)/python -m pytest -q tests/soak

bench: bench-checkout bench-growth bench-pages bench-faces bench-money ## measure everything against its reference (see bench/README.md)

bench-checkout: $(BIN)/.package ## orders placed and paid per second, against hand-written SQL (BENCH='--seconds 5')
	$(BIN)/python -m bench.checkout $(BENCH)

bench-growth: $(BIN)/.package ## the same with 1 M and 10 M orders there (BENCH='--sizes 1m --data DIR')
	$(BIN)/python -m bench.growth $(BENCH)

bench-pages: $(BIN)/.package ## product page and API per second, against a static file
	$(BIN)/python -m bench.pages $(BENCH)

bench-faces: $(BIN)/.package ## product search and the order list, against the SQL behind them
	$(BIN)/python -m bench.faces $(BENCH)

bench-money: $(BIN)/.package ## postings, release of commissions, refunds, against hand-written SQL (BENCH='--orders 50000')
	$(BIN)/python -m bench.money $(BENCH)

screens: $(BIN)/.dev ## look at every page of every face in its states: build/screens/index.html (SCREENS="--only 'shop:*'")
	$(BIN)/python -m bench.screens $(SCREENS)

wheel: $(BIN)/.package ## build dist/tongdao-*.whl
	$(BIN)/python -m build --wheel --no-isolation

lock: $(BIN)/.dev ## pin the dependencies again (needs a package index)
	tools/lock.sh $(BIN)

clean: ## remove the virtual environment and caches; the demo's data stays
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/.venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; none was found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; $(PYTHON) is older. Say make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Creating .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

$(BIN)/.run: requirements/run.lock requirements/build.lock | $(BIN)/.venv
	@echo "Installing what runs, by hash from requirements/run.lock"
	@$(PIP) install --require-hashes -r requirements/run.lock -r requirements/build.lock | $(SHOW)
	@touch $@

$(BIN)/.package: pyproject.toml $(BIN)/.run
	@echo "Installing tongdao itself"
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.dev: requirements/dev.lock $(BIN)/.package
	@echo "Installing what checks, by hash from requirements/dev.lock"
	@$(PIP) install --require-hashes -r requirements/dev.lock | $(SHOW)
	@touch $@
