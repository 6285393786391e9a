# SPDX-License-Identifier: Apache-2.0
#
# `make demo` and `make test` set up what they need. The environment is .venv; PYTHON chooses its interpreter.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Bytecode of the installed Python is part of a normal install.
unexport PYTHONDONTWRITEBYTECODE

SOURCES := pyproject.toml CMakeLists.txt edgejs engine loader napi node registry_cache

.PHONY: help demo test lint format bench docs clean sanitize gc-stress fuzz

help:
	@echo "make demo      install edgejs into $(VENV), then packages into a scratch project, and run a script on them"
	@echo "make test      install edgejs with its test tools, check the style, run every test"
	@echo "make lint      ruff, mypy and clang-format, changing nothing"
	@echo "make format    the same tools, changing files"
	@echo "make sanitize  the tests of the core under ASan and UBSan;  make gc-stress: and a collection at every allocation"
	@echo "make fuzz      random sequences of Node-API calls under ASan and UBSan, for FUZZ_SECONDS"
	@echo "make bench     every speed claim, side by side with Node"
	@echo "make docs      the documentation as a site, in build/docs"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Rebuilt when a file of the product changed; the build folder makes it quick.
$(VENV)/installed: $(BIN)/python $(shell find $(SOURCES) -type f -not -name '*.pyc')
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	@touch $@

$(VENV)/tools: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[dev]'
	@touch $@

demo: $(VENV)/installed
	@$(BIN)/python examples/demo.py

test: $(VENV)/tools lint
	$(BIN)/pytest -n auto

C_FILES := $(wildcard engine/src/*.[ch] engine/include/*.h engine/quickjs/*.[ch] engine/tools/*.c napi/src/*.[ch] node/src/*.[ch] registry_cache/src/*.c)
lint: $(VENV)/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	# from elsewhere: the folder edgejs/ here lacks the subpackages of what is installed
	cd $(VENV) && bin/mypy --config-file ../pyproject.toml -p edgejs
	$(BIN)/clang-format --dry-run --Werror $(C_FILES)

format: $(VENV)/tools
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/clang-format -i $(C_FILES)

FUZZ_SECONDS ?= 300

# The core built hard, installed aside, under the tests that exercise it. A leaked JavaScript value aborts.
HARD = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target build/$@/site \
	--config-settings=build-dir=build/$@ --config-settings=cmake.build-type=Debug --config-settings=cmake.define.EDGEJS_SANITIZE=ON $(1) .
UNDER_HARD = PYTHONPATH=$(CURDIR)/build/$@/site LD_PRELOAD=$$($${CC:-cc} -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0

sanitize: $(VENV)/tools
	$(call HARD)
	$(UNDER_HARD) $(BIN)/pytest tests/engine tests/napi

gc-stress: $(VENV)/tools
	$(call HARD,--config-settings=cmake.define.EDGEJS_GC_STRESS=ON)
	$(UNDER_HARD) $(BIN)/pytest tests/engine tests/napi --timeout 600

fuzz: $(VENV)/tools
	$(call HARD)
	$(UNDER_HARD) $(BIN)/python tests/napi/fuzz.py --seconds $(FUZZ_SECONDS)

bench: $(VENV)/tools
	$(BIN)/python bench/start.py
	$(BIN)/python bench/install.py
	$(BIN)/python bench/loader.py
	$(BIN)/python bench/workers.py
	$(BIN)/python bench/stdlib.py
	$(BIN)/python bench/http.py
	$(BIN)/python bench/crypto.py
	$(BIN)/python bench/python_api.py

$(VENV)/docs-tools: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[docs]'
	@touch $@

# From elsewhere: the folder edgejs/ here lacks the subpackages of what is installed.
docs: $(VENV)/docs-tools
	cd $(VENV) && bin/mkdocs build --quiet --strict --config-file ../mkdocs.yml

clean:
	rm -rf $(VENV) build
