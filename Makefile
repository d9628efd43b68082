# Two commands: `make run` and `make test`. Everything else serves them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: install run test bench soak fuzz lint deploy-check format lock docs deliveries incidents-proof pictures clean

install: $(READY)

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@# setuptools warns at length that an editable install is editable
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: $(READY)
	@$(BIN)/escalation run

test: $(READY)
	$(BIN)/python -m pytest

# A million hostile cases for everything that takes foreign bytes; the short form is in the tests.
fuzz: $(READY)
	FUZZ_CASES=1000000 $(BIN)/python -m pytest -q -s tests/fuzz

# Ours beside what a user would write instead, half an hour on a quiet machine; writes
# tests/benchmarks/RESULTS.md. The peers have an environment of their own. BENCH=--help.
BENCH_BIN := $(VENV)/bench/bin
BENCH_LOCK := tests/benchmarks/requirements.txt
$(BENCH_BIN)/.ready: $(BENCH_LOCK) pyproject.toml
	$(PYTHON) -m venv $(VENV)/bench
	$(BENCH_BIN)/python -m pip install --quiet --require-hashes -r $(BENCH_LOCK)
	PYTHONWARNINGS=ignore $(BENCH_BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

bench: $(READY) $(BENCH_BIN)/.ready
	PYTHONPATH=tests $(BENCH_BIN)/python -m benchmarks $(BENCH)

# Every fault in its long form (an hour and more); writes tests/faults/RESULTS.md. SOAK=--help.
soak: $(READY)
	PYTHONPATH=tests $(BIN)/python -m faults.soak $(SOAK)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m streams.docs --check
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive streams classifier
	@# Not looked for: digests in hex, which stand everywhere, and in texts of news and hashes of
	@# packages. A value of letters of one case is the name of a secret (of a variable, of a Secret
	@# of Kubernetes); hunter2 is the password of tests.
	git ls-files -z . ':!*requirements.txt' ':!deploy/image/*.txt' ':!*.jsonl' ':!*.tsv' ':!*.svg' \
	  | xargs -0 $(BIN)/detect-secrets-hook --disable-plugin HexHighEntropyString \
	  --exclude-secrets '^([a-z_-]+|[A-Z_]+|hunter2)$$'

# All that can be checked of deploy/: one line for each check, in about four minutes. The image is
# really built. `make test`, and CI with it, runs all but the image and checkov.
deploy-check: $(READY)
	$(BIN)/python -m pytest tests/deploy -m "" --no-header -v

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The settings table in the README, from the code.
docs: $(READY)
	$(BIN)/python -m streams.docs

# Hashes and no addresses: the index is the machine's own.
# The image's lock is constrained by the developers', so that both run the same versions.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
lock: $(READY)
	$(COMPILE) --extra local --extra dev --output-file requirements.txt pyproject.toml
	$(COMPILE) --constraint requirements.txt --output-file deploy/image/requirements.txt pyproject.toml
	@# A peer needs an older pydantic than ours; all else is as the developers have it.
	grep -E '^[a-z].*==' requirements.txt | grep -v '^pydantic' | sed 's/ .*//' \
	  > $(VENV)/peers.txt
	$(COMPILE) --no-header --constraint $(VENV)/peers.txt --extra bench --output-file $(BENCH_LOCK) pyproject.toml
	sed -i '/ -c .*peers.txt/d' $(BENCH_LOCK)
	$(COMPILE) --output-file deploy/image/tools.txt deploy/image/tools.in

# 1,000 alerts to a webhook's receiver that fails, hangs and restarts (about two minutes).
deliveries: $(READY)
	PYTHONPATH=.:tests $(BIN)/python tests/benchmarks/webhooks.py

# What the incidents stage must stand, in its long form (a quarter of an hour), into RESULTS.md.
incidents-proof: $(READY)
	PYTHONPATH=tests $(BIN)/python -m incidents.proof

# Both dashboards with a crisis that is replayed in four minutes, drawn into deploy/docs.
pictures: $(READY)
	PYTHONPATH=tests $(BIN)/python -m dashboards.pictures

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
