# A fresh clone needs nothing but make and some Python 3: the set-up brings the rest.
PYTHON ?= $(shell for p in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SOURCES := actions analytics bot knowledge models tools

.PHONY: run test check bench setup lint lock
.DEFAULT_GOAL := run

run: setup
	@exec $(BIN)/verbatim up

test: setup lint
	@exec $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

check: setup lint
	@exec $(BIN)/python -m pytest -m "not e2e and not slow" -n 2 --dist worksteal

# Parts and options: make bench BENCH="answers --scale demo"; BENCH=--record writes docs/benchmarks.md.
bench: setup
	@exec $(BIN)/python -m tests.bench $(BENCH)

setup:
	@test -n "$(PYTHON)" || { echo "Set-up: Python 3.8 or newer is needed to begin; none was found." >&2; exit 2; }
	@exec $(PYTHON) -m tools.bootstrap

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(SOURCES)

lock:
	@exec $(PYTHON) -m tools.lock
