# `make demo` and `make test` do all the set-up they need, on a machine that has Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# How many processes make the tests; with 0, pytest does itself.
WORKERS ?= 0
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.PHONY: demo test quick lint format types imports constraints clean

demo: $(VENV)/.runtime  ## build a dataset from examples/handbook, without a key
	$(BIN)/tunesmith build examples/handbook --out runs/demo --recipe qa:8 --recipe cot:4

test: $(VENV)/.dev  ## every test but those marked extra
	$(BIN)/python -m pytest -m "not extra" -q -n $(WORKERS) --dist loadgroup

quick: $(VENV)/.dev  ## the tests that take seconds
	$(BIN)/python -m pytest -m "not extra and not slow" -q -n $(WORKERS) --dist loadgroup

lint: $(VENV)/.dev  ## format, rules, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

constraints:  ## refresh the exact versions; needs uv
	uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
		--upgrade --group pyproject.toml:dev --all-extras pyproject.toml --output-file constraints.txt

clean:
	rm -rf $(VENV) runs .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/.pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "tunesmith needs Python 3.11 or later; say which with: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

$(VENV)/.runtime: $(VENV)/.pip pyproject.toml constraints.txt
	$(INSTALL) --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(INSTALL) --group dev
	touch $@
