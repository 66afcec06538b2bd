# Two commands do everything on a machine with python3 (3.11 or later), venv, pip, make and git:
#   make run    the main job: seven scenarios for Västra Götaland, results/vgr_first/report.html
#   make test   all tests
# and one more holds the simulator against queueing theory: make verify
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
STUDY ?= vgr_first

.PHONY: run test verify mutations check docs links audit lock bench data notebook clean

run: $(VENV)/run.stamp
	$(BIN)/careshift run study=$(STUDY)

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 --dist worksteal

docs: $(VENV)/docs.stamp ## what the program tells of itself is written anew, then the site: build/docs/index.html
	$(BIN)/python docs/generate.py $(PAGES)
	$(BIN)/sphinx-build -q -E -W --keep-going -b html docs build/docs
PAGES ?= # nothing: those that take seconds; `python docs/generate.py --list` tells the others

links: $(VENV)/docs.stamp ## whether the links to other sites still lead somewhere; takes a network
	$(BIN)/sphinx-build -q -b linkcheck docs build/links

audit: $(VENV)/run.stamp ## whether a pinned version is known to be vulnerable; takes a network, fails without
	$(BIN)/python docs/audit.py

verify: $(VENV)/run.stamp ## simulated against exact, over 30 replications; writes the page anew
	$(BIN)/careshift verify --write docs/generated/verification.md

mutations: $(VENV)/test.stamp ## faults put into a copy of the program, and the tests that notice; writes the page anew
	$(BIN)/python tests/mutations/run.py

check: $(VENV)/test.stamp ## lint, types, import rules, dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

bench: $(VENV)/bench.stamp ## speed and memory beside other simulators; docs/performance.md says of what
	$(BIN)/python bench/bench.py --runs $(RUNS)
RUNS ?= 5

data: $(VENV)/run.stamp ## the regions' tables from their sources
	set -e; for script in configs/region/*/build.py; do $(BIN)/python -B $$script; done

lock: $(VENV)/test.stamp ## new versions; the files name no registry
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --extra build --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --extra docs -c requirements-test.lock pyproject.toml -o requirements-docs.lock
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --extra research -c requirements-test.lock pyproject.toml -o requirements-research.lock
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) --extra cluster -c requirements-test.lock pyproject.toml -o requirements-cluster.lock
	$(BIN)/uv pip compile --quiet --upgrade $(LOCK_OPTIONS) -c requirements.lock bench/requirements.in -o requirements-bench.lock
LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

$(VENV)/run.stamp: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	$(PIP) install --quiet --require-hashes -r requirements-test.lock
	touch $@

$(VENV)/docs.stamp: requirements-docs.lock $(VENV)/test.stamp
	$(PIP) install --quiet --require-hashes -r requirements-docs.lock
	touch $@

$(VENV)/bench.stamp: requirements-bench.lock $(VENV)/test.stamp
	$(PIP) install --quiet --require-hashes -r requirements-bench.lock
	touch $@

$(VENV)/research.stamp: requirements-research.lock $(VENV)/run.stamp
	$(PIP) install --quiet --require-hashes -r requirements-research.lock
	touch $@

notebook: $(VENV)/research.stamp ## JupyterLab with the notebooks
	$(BIN)/jupyter lab --notebook-dir notebooks

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
