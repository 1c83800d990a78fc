# The commands of the README's first screen. `make setup` is what the others begin with; again it does nothing.

PYTHON := .venv/bin/python
DRILL ?= demo
SECONDS_SHOWN ?= 8

.PHONY: help setup setup-test setup-package run test check lint types contracts bench package screenshots clean

help:
	@echo "make run          open the console on the demo district, with the demo drill feeding it"
	@echo "make test         every test, without a screen"
	@echo "make check        lint, types, import contracts, tests: what CI runs"
	@echo "make bench        measure, each figure beside its baseline"
	@echo "make package      build dist/streetdesk and a .deb from it"
	@echo "make screenshots  draw the pictures of the docs anew"
	@echo "make setup        only the set-up that the others begin with"
	@echo "make clean        remove what was built; .venv stays"

setup:
	@installer/setup.sh run

setup-test:
	@installer/setup.sh test

setup-package:
	@installer/setup.sh package

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(PYTHON) main.py --drill $(DRILL); \
	else \
		echo "No screen here (DISPLAY and WAYLAND_DISPLAY are not set): the console draws itself into out/ instead."; \
		QT_QPA_PLATFORM=offscreen $(PYTHON) main.py --drill $(DRILL) --screenshot out --after $(SECONDS_SHOWN) \
			&& echo "See out/window.png."; \
	fi

test: setup-test
	@$(PYTHON) -m pytest -n auto --dist loadfile

check: lint types contracts test

lint: setup-test
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check

types: setup-test
	@$(PYTHON) -m mypy app widgets $(wildcard main.py)

contracts: setup-test
	@.venv/bin/lint-imports --no-logo

bench: setup
	@$(PYTHON) main.py bench

package: setup-package
	@$(PYTHON) installer/build_package.py

screenshots: setup
	@installer/screenshots.sh

clean:
	rm -rf build dist out streetdesk.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
