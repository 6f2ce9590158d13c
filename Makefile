# make demo   train and grade sample homework, and show every card and the class
# make test   style, types and all tests
# Both install what they need into .venv first.

PYTHON ?= python3
# Where pip's own settings offer a CPU build of this version, it is taken: plain "torch" pulls several GB of CUDA packages.
TORCH ?= torch==2.13.0
MMCV ?= mmcv==1.7.2
MMCLS ?= mmcls==0.25.0

BIN := .venv/bin
EXERCISE := exercises/01_first_training
BUILD := PIP_CONSTRAINT=requirements/build.txt PIP_BUILD_CONSTRAINT=requirements/build.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint bench clean

demo: .venv/installed
	$(BIN)/pytest-mmedu grade $(EXERCISE)/submissions/accepted $(EXERCISE)/submissions/rejected --exercise $(EXERCISE) --show-cards

test: .venv/installed lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed
	$(BIN)/python -m benchmarks

.venv/installed: pyproject.toml requirements/build.txt requirements/training.txt Makefile
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' || \
	  { echo '需要 Python 3.10 到 3.12：make PYTHON=python3.11 | Python 3.10 to 3.12 is needed: make PYTHON=python3.11'; exit 1; }
	@echo '正在安装，约需几分钟…… | Installing, this takes a few minutes ...'
	$(PYTHON) -m venv --clear .venv
	$(PIP) '$(TORCH)'
	$(PIP) -r requirements/training.txt
	$(BUILD) $(PIP) --no-deps '$(MMCV)' '$(MMCLS)'
	$(PIP) --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
