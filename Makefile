# Targets only start things; the code is in local/, the settings are in pyproject.toml.

PYTHON ?= python3
BIN := .venv/bin
SAM := .venv/sam/bin/sam
RUN := $(BIN)/python
UV := $(BIN)/uv
NPM := npm run --silent
# What Lambda runs, as in template.yaml; `make release` takes another if it is told.
RUNTIME ?= python3.13
ARCHITECTURE ?= arm64
# The database of known weaknesses.
OSV ?= https://api.osv.dev
# The wheels that fit every runtime of Lambda: otherwise the machine that builds chooses among several.
WHEELS = PIP_ONLY_BINARY=:all: PIP_PLATFORM=manylinux2014_$(subst arm64,aarch64,$(ARCHITECTURE))
EXPORT := $(UV) export --quiet --locked --no-default-groups --no-header --no-annotate

# SAM finds the interpreter it builds for on the path.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export SAM_CLI_TELEMETRY ?= 0
export UV_PYTHON_DOWNLOADS := never
# The embedded stack is on this machine: no proxy can reach it.
export NO_PROXY := $(or $(NO_PROXY),$(no_proxy)),127.0.0.1,localhost
export no_proxy := $(NO_PROXY)
unexport VIRTUAL_ENV
# If it is set, every process compiles all its imports again: pytest three times, SAM at each call.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test torture mutants check format lock components weaknesses up down status token reconcile events invoke bench release deploy

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.venv/ready: uv.lock local/uv-requirements.txt
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 14) or sys.exit("This needs Python 3.11, 3.12, 3.13 or 3.14. Say which: make PYTHON=python3.13")'
	@echo "Installing what this project needs into .venv ..." >&2
	@$(PYTHON) -m venv .venv
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement local/uv-requirements.txt
	@$(UV) sync --quiet --locked
	@UV_PROJECT_ENVIRONMENT=.venv/sam $(UV) sync --quiet --locked --only-group sam --python $(RUN)
	@UV_PROJECT_ENVIRONMENT=.venv/runtime $(UV) sync --quiet --locked --only-group runtime --python $(RUN)
	@touch $@

node_modules/ready: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "Reading web/ needs npm and Node.js 20.19 or newer. Only make check and make format do."; exit 1; }
	@echo "Installing the checkers of web/ into node_modules ..." >&2
	@npm ci --silent
	@touch $@

demo: .venv/ready ## Play a whole session, from the signed sheet to GREEN, on a throw-away stack
	@$(RUN) -m local.demo

test: .venv/ready ## Run the tests, those on a throw-away stack included
	@$(BIN)/pytest --numprocesses 4 --dist loadgroup

torture: .venv/ready ## Run the tests that take minutes
	@echo "Faults, races, sizes, schedules and insiders, on MiniStack and on models of DynamoDB:"
	@$(BIN)/pytest --numprocesses 2 --dist loadgroup -m torture
	@echo "Stores, faults and the deployed stack once more, on AWS's own DynamoDB engine:"
	@$(BIN)/pytest --numprocesses 2 --dist loadgroup --dynamodb-local -m dynamodb -k "not fake" tests/storage tests/faults tests/stack

mutants: .venv/ready ## Change the rules in one place at a time, and say how often a test notices
	@rm -rf mutants
	@$(BIN)/mutmut run
	@$(BIN)/mutmut export-cicd-stats
	@$(BIN)/mutmut badge --label score --output mutants/score.json
	@grep message mutants/score.json

check: .venv/ready node_modules/ready ## Check format, lint, types, imports, template, console, docstrings and pinned requirements
	@echo "ruff format";  $(BIN)/ruff format --check . || { echo "Run: make format"; exit 1; }
	@echo "ruff check";   $(BIN)/ruff check --quiet .
	@echo "mypy";         $(BIN)/mypy --no-error-summary
	@echo "lint-imports"; $(BIN)/lint-imports --no-logo
	@echo "sam validate"; $(SAM) validate --lint
	@echo "interrogate";  $(BIN)/interrogate --quiet tests || $(BIN)/interrogate -vv --omit-covered-files tests
	@echo "prettier";     $(NPM) prettier || { echo "Run: make format"; exit 1; }
	@echo "eslint";       $(NPM) eslint
	@echo "tsc";          $(NPM) tsc
	@echo "knip";         $(NPM) knip
	@echo "requirements"; $(EXPORT) | diff - shared/requirements.txt || { echo "Run: make lock"; exit 1; }
	@$(EXPORT) --only-group summary | diff - functions/seal_session/requirements.txt || { echo "Run: make lock"; exit 1; }
	@$(EXPORT) --only-group sheet | diff - functions/hash_evidence/requirements.txt || { echo "Run: make lock"; exit 1; }
	@$(EXPORT) --only-group stamp | diff - layers/time_stamps/requirements.txt || { echo "Run: make lock"; exit 1; }
	@echo "components";   $(RUN) -m local.components --check

format: .venv/ready node_modules/ready ## Format the code and fix what can be fixed automatically
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .
	@$(RUN) -m local.console.preloads
	@$(RUN) -m local.console.answers
	@$(NPM) format

lock: .venv/ready ## Lock the dependencies again and export those of layer and functions
	@$(UV) lock --quiet
	@$(EXPORT) --output-file shared/requirements.txt
	@$(EXPORT) --only-group summary --output-file functions/seal_session/requirements.txt
	@$(EXPORT) --only-group sheet --output-file functions/hash_evidence/requirements.txt
	@$(EXPORT) --only-group stamp --output-file layers/time_stamps/requirements.txt

components: .venv/ready ## List what each artifact is made of, and the licences of it, from what is locked
	@$(RUN) -m local.components

# 2 also means that it did not get an answer.
weaknesses: .venv/ready ## Ask the OSV database for known weaknesses of all that is locked; needs the internet
	@$(UV) audit --quiet --preview-features audit-command --frozen --service-url $(OSV); case $$? in \
	0) echo "No weakness of what is locked is known to $(OSV).";; \
	1) exit 1;; \
	*) echo "NOT CHECKED: $(OSV) gave no answer; it needs a way to the internet."; exit 2;; \
	esac

up: .venv/ready ## Start the stack in the background, or renew it, and load the sample data; DYNAMODB=aws: on AWS's own engine
	@$(RUN) -m local up $(if $(DYNAMODB),--dynamodb $(DYNAMODB))

down: .venv/ready ## End the stack that `make up` started
	@$(RUN) -m local down

status: .venv/ready ## Say where the stack is and who can sign in
	@$(RUN) -m local status

token: .venv/ready ## Print an ID token: make token ROLE=admin
	@$(RUN) -m local token $(ROLE)

events: .venv/ready ## List the sample events and their answers, in an order in which all can be played
	@$(RUN) -m local events

invoke: .venv/ready ## Run one function in Lambda's runtime: make invoke FN=save_attendance EVENT=happy_path
	@$(RUN) -m local invoke $(or $(FN),$(error Which function? make invoke FN=save_attendance EVENT=happy_path)) $(or $(EVENT),$(error Which event? make events lists them; EVENT=- reads one from standard input))

reconcile: .venv/ready ## Report what the stack stores that does not agree with what was decided
	@$(RUN) -m local reconcile

bench: .venv/ready ## Measure what finalizing, witnessing and hashing cost, and how long the console lets a person wait
	@$(RUN) -m benchmarks
	@$(RUN) -m benchmarks.witness
	@$(RUN) -m benchmarks.evidence
	@$(RUN) -m benchmarks.cold_start

release: .venv/ready ## Build what `make deploy` deploys, and print its version and SHA-256 sums
	@command -v $(RUNTIME) >/dev/null || { echo "sam build needs $(RUNTIME) on the path. Say another: make release RUNTIME=python3.13"; exit 1; }
	@rm -f .aws-sam/built-from
	@$(WHEELS) $(SAM) build --parameter-overrides PythonRuntime=$(RUNTIME) Architecture=$(ARCHITECTURE) >&2
	@$(RUN) -m local finish $(RUNTIME)
	@$(RUN) -m local release $(RUNTIME)

deploy: .venv/ready ## Deploy to AWS, with the console: make deploy STAGE=dev
	@command -v python3.13 >/dev/null || { echo "sam build needs Python 3.13 on the path, the version the functions run on."; exit 1; }
	@rm -f .aws-sam/built-from
	@$(WHEELS) $(SAM) build
	@$(RUN) -m local finish python3.13
	@$(SAM) deploy --config-env $(or $(STAGE),$(error Which stage? make deploy STAGE=dev))
	@$(RUN) -m local publish $(STAGE)
