# The commands of this project; `make help` lists them. Everything they make lies in .venv,
# .make, web/assets/node_modules and web/static, and may be deleted at any time.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
DATA   ?= demo-lab
# Of `make test`.
WORKERS ?= 2
MAKEFLAGS += --no-print-directory
# Compiled modules are kept: the tests start hundreds of processes, which need not compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup ## Start a whole lab on simulated machines (PORT=8000 DATA=demo-lab)
	@$(BIN)/fablab-hub demo --port $(PORT) --data $(DATA)

.PHONY: setup
setup: .make/python .make/assets ## Install everything that the hub needs; quick when nothing changed

.PHONY: test
test: .make/dev .make/assets system ## Run the tests, linters, types and import contracts
	@$(MAKE) lint
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --instafail --durations=12 -rs

.PHONY: a11y
a11y: .make/dev .make/assets system ## Look at every page with axe-core, in every role, theme, language and width
	@$(BIN)/python -m tests.a11y

.PHONY: lint
lint: .make/dev ## Check style, types, import contracts and words
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m fablab_hub.core.i18n.plain

.PHONY: format
format: .make/dev ## Put the code in its usual shape
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: docs
docs: .make/dev ## Write the pages of docs/ that are made from the tables in the code
	@$(BIN)/python docs/build.py

.PHONY: words
words: .make/dev ## Collect new sentences into the catalogues, ready to be translated
	@$(BIN)/pybabel -q extract -F babel.cfg --no-wrap --omit-header --no-location --sort-output -k N_ \
	    -k translate -k translate_count:1,2 -k say -o .make/messages.pot .
	@$(BIN)/pybabel -q update --no-wrap --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date -l fr \
	    -i .make/messages.pot -o fablab_hub/core/i18n/fr.po

.PHONY: bench
bench: .make/dev .make/assets ## Run the benchmarks, or one of them (ONLY=name)
	@$(BIN)/python -m tests.bench $(ONLY)

.PHONY: bench-data
bench-data: .make/dev ## Make the large files of the benchmarks (1 GB, in .make/bench)
	@$(BIN)/python -m tests.bench.gcode_data

.PHONY: fuzz
fuzz: .make/dev .make/assets ## Draw new examples for every property test (ROUNDS=5), then fuzz the kernel
	@for round in $$(seq $(or $(ROUNDS),5)); do HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q \
	    -m hypothesis --hypothesis-seed=random -n 2 --dist worksteal || exit 1; done
	@$(BIN)/python -m tests.fuzz.drawings
	@$(MAKE) fuzz-kernel

.PHONY: fuzz-kernel
fuzz-kernel: .make/dev ## Fuzz the compiled kernel, guided by its coverage (MINUTES=5; needs clang)
	@.ci/fuzz-kernel $(BIN)/python $(or $(MINUTES),5)

.PHONY: wheel
wheel: .make/dev .make/assets ## Build the wheel, built assets included
	@$(BIN)/python -m pip wheel -q --no-deps --no-build-isolation -w dist .

.PHONY: lock
lock: .make/dev ## Resolve the dependencies anew into the lock files
	@.ci/lock $(BIN)/uv

.PHONY: system
system: ## Install what the tests need from the system (a browser, a broker), or say what is missing
	@.ci/system-packages chromium mosquitto

.PHONY: clean
clean: ## Remove everything that these commands made
	@rm -rf $(VENV) .make web/assets/node_modules web/static fablab_hub/fonts build dist *.egg-info

# --- what the commands above stand on; a stamp is renewed when its inputs change ---------------

.make/venv:
	@.ci/make-venv $(PYTHON) $(VENV)
	@mkdir -p .make && touch $@

.make/python: .make/venv requirements.lock pyproject.toml setup.py $(wildcard fablab_hub/gcode/kernel/*.p* jobs/toolpath/kernel/*.p*)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.make/dev: .make/python requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.make/assets: .make/venv $(wildcard web/assets/*.json web/assets/*.mjs web/assets/css/* web/assets/js/* web/assets/icons/* web/assets/pictures/* web/assets/drawings/*)
	@.ci/build-assets $(BIN)
	@touch $@
