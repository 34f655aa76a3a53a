# make demo    set everything up and run the example articles through to a graph
# make test    set everything up and run the whole suite, real parts included
# make check   the long trials in full; writes their results under benchmarks/
# make quality DATA=DIR   score the gold files in DIR/gold; writes benchmarks/quality.md and the README's table
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)
BIN := $(CURDIR)/.venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt
SOURCES := pyproject.toml constraints.txt $(shell find rawabit ner graph loaders -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: demo test check quality lint format install clean

demo: .venv/.core
	mkdir -p out
	$(BIN)/rawabit run examples/articles --meta examples/meta.csv \
		-o out/graph.graphml -o out/docs.jsonl -o out/graph.html --resolution out/resolution.jsonl

test: .venv/.test
	@.ci/system chromium java
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	cd tests && $(BIN)/mypy --strict --config-file ../pyproject.toml -p rawabit
	cd tests && $(BIN)/lint-imports --config ../pyproject.toml --no-cache
	cd tests && $(BIN)/pytest

check: .venv/.test
	@.ci/system chromium java
	mkdir -p out
	@status=0; cd tests && RAWABIT_TRIALS=10000 RAWABIT_KILLS=100 RAWABIT_CORPUS=5000 RAWABIT_ORDERS=1000 HYPOTHESIS_PROFILE=full \
		$(BIN)/pytest -m 'long or not (camel or neo4j or browser)' --timeout 7200 --junitxml $(CURDIR)/out/check.xml || status=$$?; \
	cd .. && $(BIN)/python benchmarks/check.py out/check.xml && exit $$status

quality: .venv/.core
	@test -n "$(DATA)" || { echo "make quality DATA=DIR, where DIR/gold holds the gold files" >&2; exit 2; }
	$(BIN)/python benchmarks/quality.py "$(DATA)"

lint: .venv/.test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: .venv/.test
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

install: .venv/.core

.venv/.python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 to 3.13 found; set PYTHON=…" >&2; exit 1; }
	@.ci/system venv "$(PYTHON)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -U 'pip>=25.1,<27'
	@touch $@

# The wheel, not the checkout, is what runs: what it lacks is missed here and not at a user's.
.venv/.core: .venv/.python $(SOURCES)
	rm -rf build *.egg-info
	$(PIP) .
	rm -rf build *.egg-info
	@touch $@

.venv/.test: .venv/.core
	@.ci/system icu "$(BIN)/python"
	$(PIP) '.[camel,documents,excel,parquet,train]' --group test
	rm -rf build *.egg-info
	@touch $@

clean:
	rm -rf .venv out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
