# make setup builds .venv (quick when nothing changed); every other target goes through it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEED ?= 1
NUMBER ?= 20
# Of tests, three more than there are cores: many wait for programs that they have started.
PROCESSES ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 3)")
# The tests start programs by the hundred: what is compiled of them once is kept, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=
STAMP := $(VENV)/.ready-$(shell cat pyproject.toml constraints.txt 2>/dev/null | cksum | cut -d' ' -f1)

# What make bench compares with; make bench goes on without it where it cannot be installed.
RIVALS := .venv-rivals
RIVALS_STAMP := $(RIVALS)/.ready-$(shell cksum < benchmarks/rivals.txt | cut -d' ' -f1)

# The heavier suites: make score, score-rules, score-damage, bench, bench-page, bench-service, fuzz, chaos, test-faults, test-page, mutants, words, test-install; with Docker
# test-compose and chaos-compose. make chaos SEED=2 kills at other times, make mutants SEED=2 draws other faults, NUMBER=5 fewer of each package,
# make words TABLES="times names" asks of the words of these data files.
.PHONY: setup demo test check score score-rules score-damage bench bench-page bench-service rivals chaos chaos-compose fuzz test-faults test-page test-compose test-install sbom generate golden mutants words docs clean
.DEFAULT_GOAL := test

setup: $(STAMP)

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) was found. Name another with make PYTHON=..." >&2; exit 1; }
	@echo "1 of 3: an environment of its own in $(VENV), with $$($(PYTHON) --version)" >&2
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@echo "2 of 3: a newer pip, which installs in half of the time" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --upgrade pip
	@echo "3 of 3: the packages, in the versions of constraints.txt" >&2
	@$(BIN)/python -m pip install --no-compile --constraint constraints.txt --editable '.[dev]'
	@rm -f $(VENV)/.ready-*; touch $@

demo: setup
	@$(BIN)/zhibiao demo

# Types are looked at while the tests run, many of which wait. Each process looks only into the files that it runs (tests/by_file.py).
# The first time one process compiles what each would compile.
test: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy & types=$$!; test -d .pytest_cache || $(BIN)/pytest --collect-only -qq tests/integration tests/unit/extract/test_properties.py >/dev/null; \
		$(BIN)/pytest -n $(PROCESSES) --by-file --dist worksteal -o console_output_style=classic -m "not faults and not compose and not install and not slow_page"; tests=$$?; \
		wait $$types && exit $$tests

check: test

score: setup
	@$(BIN)/python -m benchmarks.score

score-rules: setup
	@$(BIN)/python -m benchmarks.rules

score-damage: setup
	@$(BIN)/python -m benchmarks.damage

rivals: $(RIVALS_STAMP)

$(RIVALS_STAMP):
	@echo "setting up $(RIVALS)" >&2
	@test -x $(RIVALS)/bin/python || $(PYTHON) -m venv $(RIVALS)
	@$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/rivals.txt
	@rm -f $(RIVALS)/.ready-*; touch $@

bench: setup
	-@$(MAKE) --no-print-directory rivals
	@$(BIN)/python -m benchmarks.speed
	@$(BIN)/python -m benchmarks.reading
	@$(BIN)/python -m benchmarks.latency
	@$(BIN)/python -m benchmarks.rivals

bench-page: setup
	@$(BIN)/python -m benchmarks.page

bench-service: setup
	@$(BIN)/python -m benchmarks.service

chaos: setup
	@$(BIN)/python -m benchmarks.chaos --seed $(SEED)

chaos-compose: setup
	@$(BIN)/python -m benchmarks.chaos_compose --seed $(SEED)

fuzz: setup
	@$(BIN)/python -m benchmarks.fuzz

test-faults: setup
	@$(BIN)/pytest --timeout 600 tests/faults tests/integration/test_watcher_faults.py tests/integration/test_watcher_recovery.py tests/integration/test_reprocess.py tests/integration/test_reprocess_kills.py tests/integration/test_withdraw.py \
		tests/unit/structure/test_every_place.py tests/integration/test_hostile_input.py tests/integration/test_hostile_names.py \
		tests/integration/test_status_answers.py tests/integration/test_acl_tls.py tests/acceptance/test_service.py tests/acceptance/test_replay.py tests/acceptance/test_sinks.py \
		tests/acceptance/test_backup.py tests/acceptance/test_examples.py

test-page: setup
	@$(BIN)/pytest --timeout 900 -m page tests/page

test-compose: setup
	@$(BIN)/pytest -m compose -s --timeout 1800 tests/compose

# The wheel as somebody gets it who has no checkout: with pip and with pipx, under a home with a blank and Chinese in its path.
test-install: setup
	@$(BIN)/pytest -m install -s --timeout 1800 tests/install

# Every package of an installation with all extras, with version and licence, as CycloneDX has it.
sbom:
	@$(PYTHON) -m venv --clear build/sbom/installed
	@build/sbom/installed/bin/python -m pip install --quiet --constraint constraints.txt '.[embedded,formats,page,parquet]'
	@build/sbom/installed/bin/python -m pip uninstall --quiet --yes pip setuptools
	@$(PYTHON) -m venv --clear build/sbom/tool
	@build/sbom/tool/bin/python -m pip install --quiet 'cyclonedx-bom==7.5.0'
	@mkdir -p dist
	@build/sbom/tool/bin/cyclonedx-py environment --mc-type application --output-reproducible --output-file dist/zhibiao.cdx.json \
		build/sbom/installed/bin/python
	@echo dist/zhibiao.cdx.json

golden: setup
	@$(BIN)/python -m benchmarks.golden

mutants: setup
	@$(BIN)/python -m benchmarks.mutants --seed $(SEED) --number $(NUMBER)

docs: setup
	@$(BIN)/python -m mkdocs build --strict
	@echo "build/site/index.html"

words: setup
	@$(BIN)/python -m benchmarks.needed_words $(TABLES)

generate: setup
	@$(BIN)/python -m schemas.generate
	@$(BIN)/python -m benchmarks.rules --write
	@$(BIN)/python -m benchmarks.indicators --write

clean:
	rm -rf $(VENV) $(RIVALS) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
