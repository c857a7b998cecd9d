# `make run` and `make test` need Python 3.11 or newer with pip, and make; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Files that run in parallel; the slow ones start processes of their own.
JOBS ?= 2

.PHONY: help run up test lint types check bench lock clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Feedmill needs Python 3.11 or newer; $(PYTHON) is older. Say which: make run PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@touch $@

$(VENV)/ready: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/ready-dev: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgres,dev]'
	@touch $@ $(VENV)/ready

run: $(VENV)/ready ## Set up, and put the samples in seeds/ through the embedded deployment
	$(BIN)/feedmill run seeds/

up: $(VENV)/ready ## Set up, and keep an embedded deployment running until Ctrl-C
	$(BIN)/feedmill up

test: $(VENV)/ready-dev lint types ## Set up, and run all checks and tests
	$(BIN)/pytest -n $(JOBS)

lint: $(VENV)/ready-dev ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-dev ## Types
	$(BIN)/mypy

bench: $(VENV)/ready-dev ## Measure throughput, CPU per article and memory
	$(BIN)/python -m benchmarks

lock: $(VENV)/ready-dev ## Write the installed set of packages to constraints.txt
	@$(BIN)/pip freeze --exclude-editable --exclude feedmill | grep -E '^[A-Za-z0-9._-]+==' > constraints.txt
	@wc -l < constraints.txt

clean: ## Remove what was set up; articles in feedmill-data/ stay
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
