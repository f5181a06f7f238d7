# What a newcomer types: make demo, make test. Needs Python ≥ 3.11, git and make; nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PO := src/vigie/locale/fr/LC_MESSAGES/django.po
MO := $(PO:.po=.mo)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: demo test explore check bench spark words lock clean

demo: $(VENV)/installed $(MO)
	$(BIN)/vigie demo $(DEMO)

test: $(VENV)/installed-dev $(MO)
	$(BIN)/pytest -n 2 --dist loadgroup

# The property tests again, with other draws and more of them: what it finds becomes a test.
explore: $(VENV)/installed-dev $(MO)
	$(BIN)/pytest -n 2 --dist loadgroup -m "not browser and not server" --hypothesis-profile explore \
	  $$(grep -rl --include='test_*.py' '^@given' tests)

check: $(VENV)/installed-dev $(MO)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/django-admin makemigrations --check --dry-run --settings vigie.web.settings

bench: $(VENV)/installed-dev $(MO)
	$(BIN)/python -m bench

# The engine for what outgrows a machine; it needs Java 17, too.
spark: $(VENV)/installed requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-spark.lock

# Every shown sentence, gathered for the translators.
words: $(VENV)/installed-dev
	$(BIN)/python -m tests.words

$(MO): $(PO) $(VENV)/installed
	$(BIN)/pybabel --quiet compile --domain django --directory src/vigie/locale --use-fuzzy

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Vigie needs Python 3.11 or newer; name one with: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	touch $@

# After a change of dependencies: hashes only, no addresses.
lock:
	$(COMPILE) --extra heic --extra postgresql --extra build pyproject.toml --output-file requirements.lock
	$(COMPILE) --extra heic --extra postgresql --extra build --extra models --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
	$(COMPILE) --extra models --constraint requirements.lock --constraint requirements-dev.lock pyproject.toml --output-file requirements-models.lock
	$(COMPILE) --extra heic --extra postgresql --extra build --extra spark --constraint requirements-dev.lock pyproject.toml --output-file requirements-spark.lock

clean:
	rm -rf $(VENV) vigie-demo
