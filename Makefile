# Two commands for a newcomer: `make demo` and `make test`. Both do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-all world check format pins clean help

help:
	@echo "make demo    the whole study, from first question to report, into ./out"
	@echo "make test    linters, types, layers and the tests that no change may break"
	@echo "make test-all  the long tests too: hundreds of generated studies, crashes, other servers"
	@echo "make world WORLD=DIR  measure on files that others made, fetched into DIR"
	@echo "make check   linters, types and layers only"
	@echo "make pins    bring the pinned requirements up to date"

demo: $(VENV)/.run
	$(BIN)/blikveld demo --out out

test: check
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder -m "not long"

test-all: test
	$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder -m long --table tests/long.md

# Each script reads what lies in DIR for it, and writes its table beside itself; they share
# provenance.py.
world: $(VENV)/.dev
	@test -d "$(WORLD)" || { echo "Name the folder of fetched files: make world WORLD=DIR"; exit 2; }
	set -e; for script in $(filter-out world/provenance.py,$(wildcard world/*.py)); do $(BIN)/python $$script "$(WORLD)"; done

check: $(VENV)/.dev
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit("Blikveld needs Python 3.11 or later." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

pins: $(VENV)/.dev
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --output-file requirements/run.txt requirements/build.in pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --extra dev --output-file requirements/dev.txt requirements/build.in pyproject.toml

clean:
	rm -rf $(VENV) out
