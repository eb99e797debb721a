# Everything a contributor runs. `make demo` and `make test` work on a fresh clone: they make their own .venv.
# A particular interpreter: make test PYTHON=python3.12. More pytest options: make test ARGS="-m 'not slow'".

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?=
ARGS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo watch test lint format bench build docs-table docs-numbers docs-policy clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make the virtual environment (again if its requirements changed)

# The stamp is written last: after a failure the next call goes on from there.
$(READY): pyproject.toml constraints.txt
	@if ! "$(BIN)/python" -c "" 2>/dev/null; then \
		python="$(PYTHON)"; \
		if [ -z "$$python" ]; then python="$$(sh scripts/find_python.sh)" || exit 1; fi; \
		echo "Making $(VENV) with $$python"; \
		"$$python" -m venv --clear "$(VENV)" || exit 1; \
	fi
	@echo "Installing race_sim and its requirements into $(VENV) (about a minute, once)"
	@"$(BIN)/python" -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	@touch "$@"

demo: $(READY) ## run the demonstration: a minute of races, a table, a figure, a paragraph
	@"$(BIN)/race-sim" demo $(ARGS)

watch: $(READY) ## watch a race in a browser: make watch ARGS="interceptors --seed 3"
	@"$(BIN)/race-sim" watch $(ARGS)

test: $(READY) ## run every test
	"$(BIN)/python" -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(READY) ## check style, types and layers
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

format: $(READY) ## put the code into the project's style
	"$(BIN)/ruff" check --fix .
	"$(BIN)/ruff" format .

bench: $(READY) ## time the benchmarks: medians and ratios
	"$(BIN)/python" -m pytest benchmarks --benchmark-enable --benchmark-only $(ARGS)

build: $(READY) ## build the wheel into dist/
	"$(BIN)/python" -m build --wheel

docs-table: $(READY) ## regenerate both parameter tables from the schema: the law's and the readers'
	"$(BIN)/python" -m race_sim.scenario.tabulate
	"$(BIN)/python" -m race_sim.scenario.document

docs-numbers: $(READY) ## measure anew what docs/calibration.md says; ARGS=--flatness: of flatness
	"$(BIN)/python" scripts/docs_numbers.py $(ARGS)

docs-policy: $(READY) ## write the numbers of docs/policy.md; ARGS=results: from sweeps in there
	"$(BIN)/python" -m scripts.docs_policy $(ARGS)

clean: ## remove environments, caches and builds
	rm -rf .venv .venv-* build dist .benchmarks .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
