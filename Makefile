# The words of the project. Everything else is in the programs these call.
#   make run     the whole system on http://127.0.0.1:8000 (PORT=8001 for another port, ACCANTO_HOME for another folder)
#   make test    every test, in a browser too, on the embedded PostgreSQL and on PostgreSQL 15 where it is installed
#   make check   format, lint, types, floors, migrations, generated documents, translations
#   make fix     mends what can be mended by a program
#   make bench   measures (ONLY=list PEOPLE=100000 SEED=accanto)
#   make lock    renews requirements/*.txt from pyproject.toml (needs uv)
#   make clean   removes the environment and what can be made again; never the data

PYTHON ?= $(or $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell command -v $(name) 2>/dev/null))),no-python)
BOOTSTRAP = $(PYTHON) bootstrap.py
ONLY ?=
PEOPLE ?=
SEED ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench lock clean

help:
	@sed -n 's/^#   //p' Makefile

no-python:
	@echo "accanto: manca Python: installa Python 3.11 o successivo (per esempio «apt install python3 python3-venv»)." >&2
	@exit 1

run: $(filter no-python,$(PYTHON))
	@$(BOOTSTRAP) accanto serve $(ARGS)

test: $(filter no-python,$(PYTHON))
	@$(BOOTSTRAP) --tests python tools/test.py $(ARGS)

check: $(filter no-python,$(PYTHON))
	@$(BOOTSTRAP) --tests python tools/check.py $(ARGS)

fix: $(filter no-python,$(PYTHON))
	@$(BOOTSTRAP) --tests python tools/check.py --fix $(ARGS)

bench: $(filter no-python,$(PYTHON))
	@$(BOOTSTRAP) accanto bench $(if $(ONLY),--only "$(ONLY)") $(if $(PEOPLE),--people "$(PEOPLE)") $(if $(SEED),--seed "$(SEED)") $(ARGS)

lock:
	@$(BOOTSTRAP) python tools/lock.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results staticfiles *.egg-info
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
