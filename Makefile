# What one does with StackGuide. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
GUIDE ?= guide-2025 guide-2026-11
export HOST PORT GUIDE

VENV := .venv/bin/python
# A stamp is written last, so an environment that was left half made is made again.
INSTALLED := .venv/installed
INSTALLED_DEV := .venv/installed-dev

.PHONY: help run admin dev check test pictures heights snippets speed bench-packs bench-grid bench-search counts profile verify-guide prove-stacks measure lint format lock clean

help: ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

run: $(INSTALLED) ## serve the guide on http://127.0.0.1:8000 (HOST, PORT, GUIDE=empty)
	@$(VENV) -m stackguide.embedded run

admin: $(INSTALLED) ## make an administrator of the site that `make run` serves
	@$(VENV) -m stackguide.embedded admin

dev: $(INSTALLED_DEV) ## the same with reloading and Django's own error pages
	@$(VENV) -m stackguide.embedded dev

check: $(INSTALLED_DEV) ## format, rules, and the tests that need no database: about a minute
	@$(VENV) -m ruff format --check --quiet .
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m pytest --quiet -n 2 -m "not browser and not redis" --database none

test: $(INSTALLED_DEV) ## run every test lane this machine has the means for
	@$(VENV) scripts/lanes.py

pictures: $(INSTALLED_DEV) ## draw the pictures of docs/design.md anew
	@$(VENV) -m pytest --quiet tests/browser/pictures.py

heights: $(INSTALLED_DEV) ## print how far down the answers of the site at BASE stand, in pixels
	@$(VENV) -m scripts.heights $(BASE)

speed: $(INSTALLED_DEV) ## print what pages cost, as multiples of a bare view
	@$(VENV) -m scripts.speed

bench-packs: $(INSTALLED_DEV) ## print what large packs cost to load, beside loaddata
	@$(VENV) -m scripts.bench_packs

bench-search: $(INSTALLED_DEV) ## print how the search takes 100,000 entries
	@$(VENV) -m scripts.bench_search

bench-grid: $(INSTALLED_DEV) ## print what a comparison's grid costs to open and to save
	@$(VENV) -m scripts.bench_grid

counts: ## print how large the code is, package by package
	@$(PYTHON) scripts/counts.py

profile: $(INSTALLED_DEV) ## print how many functions and files a page or a change runs through
	@$(VENV) -m scripts.profile_change

snippets: $(INSTALLED_DEV) ## run the code samples of the guide as they stand
	@$(VENV) -m scripts.snippets

verify-guide: $(INSTALLED_DEV) ## resolve and run what the guide recommends (asks the package index)
	@$(VENV) -m scripts.verify_guide

prove-stacks: $(INSTALLED_DEV) ## make, install and test every project that a stack starts
	@$(VENV) -m scripts.prove_stacks

measure: $(INSTALLED_DEV) ## measure what the guide says in figures: up to half an hour
	@$(VENV) -m measurements.run

lint: $(INSTALLED_DEV) ## everything that can be checked without running the site
	@$(VENV) -m ruff format --check .
	@$(VENV) -m ruff check .
	@$(VENV) -m djlint --lint --quiet templates
	@$(VENV) scripts/deploy.py
	@$(VENV) -m pytest --quiet tests/test_lock.py

format: $(INSTALLED_DEV) ## put the Python files into their form
	@$(VENV) -m ruff check --fix-only --quiet .
	@$(VENV) -m ruff format .

lock: $(INSTALLED_DEV) ## write the lock files anew from pyproject.toml
	@$(VENV) scripts/lock.py

clean: ## remove the environments (var/, with database and secret key, is kept)
	rm -rf .venv .venv-measure .venv-newest .venv-snippets .pytest_cache .ruff_cache

$(INSTALLED): requirements.txt stackguide/environment.sh
	@stackguide/environment.sh "$(PYTHON)" .venv requirements.txt $@

$(INSTALLED_DEV): requirements-dev.txt requirements.txt stackguide/environment.sh
	@stackguide/environment.sh "$(PYTHON)" .venv requirements-dev.txt $@
	@touch $(INSTALLED) $@
