# Everything starts here; only python3, make and git are assumed. PY=python3.12 takes another Python.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.synced
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench format openapi browser warm

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## build .venv with the locked dependencies

$(STAMP): pyproject.toml uv.lock
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "linhe needs Python 3.11 or newer; pass another one: make $(MAKECMDGOALS) PY=python3.11" >&2; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make virtual environments. On Debian: apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON=$(BIN)/python $(BIN)/uv sync --locked --quiet --inexact --compile-bytecode
	@touch $@

warm: setup  # compile the engines' inner loops once, so that neither a test nor a first visitor waits for it
	@for case in linhe/desks/*/engine/case*.json; do \
	  desk=$${case#linhe/desks/}; echo "$${desk%%/*} $$case"; done \
	  | xargs -P 2 -L 1 $(BIN)/linhe solve --json >/dev/null
	@$(BIN)/python -m linhe.desks.errands.engine.ready

demo: warm  ## a working day of a district, at the address it prints
	$(BIN)/linhe demo

run: setup  ## run on this machine
	$(BIN)/linhe run

browser: setup  # Chromium and Chinese fonts for the journeys
	@sh scripts/install-browser

test: warm browser  ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup  ## format, lint, types, import contracts, migrations, templates, deployment, API description
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint linhe --lint --quiet
	$(BIN)/linhe makemigrations --check --dry-run
	LINHE_PUBLIC_URL=https://linhe.example.org $(BIN)/linhe check --deploy --fail-level WARNING
	$(BIN)/linhe openapi docs/openapi.json --check

bench: setup  ## measure: make bench NAME=loop
	$(BIN)/linhe bench $(NAME)

format: setup  ## format code and sort imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

openapi: setup  ## write docs/openapi.json
	$(BIN)/linhe openapi docs/openapi.json
