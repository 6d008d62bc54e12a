# Every target sets itself up: it makes a virtual environment with the pinned versions of requirements/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := .venv-demo
BENCH := .venv-bench
RELEASE := .venv-release
DOCS := .venv-docs
URL ?=
HOST ?= 127.0.0.1
PORT ?= 8172
API ?=
CASES ?=
SEED ?= 1
EFFECTS ?= read
BASE ?= HEAD
WORKLOAD ?=
BASELINE ?=
ROUNDS ?=
ROWS ?=
AGENTS ?=
QUICK ?=
PROFILE ?=
FRAMES ?=
REPORT ?=
ALSO ?=
ARCHITECTURES ?=
YES ?=
LANGUAGES ?=
PLATFORM ?=
PYTHON_VERSION ?=
EXTRAS ?=
# Tests wait for a part of their time: one more worker than processors keeps all processors busy.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PYTHONS ?= 3.11 3.12 3.13 3.14
TESTS ?= tests/unit
PATCHES := gevent==26.9.0 eventlet==0.41.3
# Versions of org.bytedeco:cpython in Maven's central repository.
WINDOWS_PYTHONS ?= 3.13.5-1.5.12 3.14.3-1.5.13
PARALLEL = -n $(WORKERS) --dist worksteal
INSTALLED := overrides emulator/vision_ai_emulator tools fleet generated translations/vision_ai_translations
# The packages whose public names have complete types.
TYPED := vision_ai vision_ai_emulator vision_ai_pytest vision_ai_translations
BROWSER_TESTS := tests/e2e/emulator_page tests/e2e/har_browser tests/e2e/console tests/e2e/fleet_page tests/e2e/report
# These read the site that `make docs` builds.
SITE_TESTS := tests/e2e/site

.DEFAULT_GOAL := help
.PHONY: help demo demo-fleet test test-slow test-all test-pythons test-lowest test-patched test-windows browser-test pictures produce emulator fuzz faults conformance interop bench bench-watch bench-report bench-fleet chaos-fleet generate check-generated translations check-translations contract check-contract vectors firmware-diff lint format types layers check lock build docs docs-check docs-serve release pyz wheelhouse image deb release-check clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

# The tests start hundreds of processes: without bytecode each of them compiles every module again.
unexport PYTHONDONTWRITEBYTECODE

# Make a virtual environment, $(1), from the pins of $(2), with the options $(3) of pip, and name each package while it
# is installed.
define set_up
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is required: make PYTHON=python3.11 …")'
	@echo "Setting up $(1) (once)"
	@$(PYTHON) -m venv --clear $(1)
	@$(1)/bin/python -m pip install --disable-pip-version-check --progress-bar off $(3) \
		--require-hashes -r $(2) | awk '/^Collecting/ { print "  " $$2; fflush() } /^Installing/ { print "Installing"; fflush() }'
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(1)/.ready
endef

$(READY): requirements/dev.txt pyproject.toml
	$(call set_up,$(VENV),requirements/dev.txt)

$(DEMO)/.ready: requirements/demo.txt pyproject.toml
	$(call set_up,$(DEMO),requirements/demo.txt,--no-compile)

$(BENCH)/.ready: requirements/bench.txt pyproject.toml
	$(call set_up,$(BENCH),requirements/bench.txt)

$(RELEASE)/.ready: requirements/release.txt pyproject.toml
	$(call set_up,$(RELEASE),requirements/release.txt)

$(DOCS)/.ready: requirements/docs.txt pyproject.toml
	$(call set_up,$(DOCS),requirements/docs.txt)

demo: $(DEMO)/.ready ## Show what the SDK does (URL=http://172.22.0.6 for a real module)
	@$(DEMO)/bin/python examples/demo.py $(URL)

demo-fleet: $(READY) ## Show a fleet: a center, three scales with agents, and everything that can be done with them
	@$(BIN)/python examples/fleet_demo.py

test: $(READY) ## Run the tests, except the slow ones and those in a browser (WORKERS=1 for one process)
	@$(BIN)/python -m pytest -q $(PARALLEL) -m "not slow" $(foreach folder,$(BROWSER_TESTS) $(SITE_TESTS),--ignore=$(folder))

test-slow: $(READY) ## Run the slow tests that `make test` leaves out
	@$(BIN)/python -m pytest -q $(PARALLEL) -m slow $(foreach folder,$(BROWSER_TESTS) $(SITE_TESTS),--ignore=$(folder))

test-all: $(READY) ## Run all tests except those in a browser
	@$(BIN)/python -m pytest -q $(PARALLEL) $(foreach folder,$(BROWSER_TESTS) $(SITE_TESTS),--ignore=$(folder))

# One virtual environment for each version: a test that needs another platform's Python runs with it.
test-pythons: $(PYTHONS:%=test-python-%) ## Run the unit tests with other Pythons (PYTHONS="3.12 3.14", TESTS=folders)

.PRECIOUS: .venv-%/.ready
.venv-%/.ready: requirements/dev.txt pyproject.toml
	@echo "Setting up $(@D) (once)"
	@python=$$(tests/integration/platforms/find_python.sh $*) && "$$python" -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(@D)/bin/uv pip install --quiet --python $(@D)/bin/python --require-hashes -r requirements/dev.txt
	@$(@D)/bin/uv pip install --quiet --python $(@D)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

test-python-%: .venv-%/.ready
	@$(<D)/bin/python -m pytest -q $(PARALLEL) -m "not slow" $(TESTS)

test-lowest: $(READY) ## Run the smoke set with the lowest versions of all direct dependencies
	@$(PYTHON) -m venv --clear .venv-lowest
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct \
		-r pyproject.toml --extra emulator --extra cli --extra console --extra report --extra agent --extra fleet "pytest>=9" "hatchling==1.33.0" "editables>=0.5"
	@.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python --no-deps --no-build-isolation --editable .
	@.venv-lowest/bin/python tests/integration/platforms/run.py .venv-lowest/bin/python

.venv-patched/.ready: Makefile $(READY)
	@rm -rf $(@D)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(@D) $(PATCHES)
	@touch $@

test-patched: .venv-patched/.ready ## Run the smoke set with gevent and with eventlet
	@for library in gevent eventlet; do echo "$$library" && PYTHONPATH=$(<D) $(BIN)/python \
		tests/integration/platforms/run.py $(BIN)/python tests/integration/platforms/patched.py $$library || exit 1; done

test-windows: $(READY) ## Run the smoke set with the Python of Windows, under wine
	@$(BIN)/python tests/integration/platforms/windows.py $(WINDOWS_PYTHONS)

browser-test: $(READY) ## Run the tests that need a browser, in Debian's Chromium
	@$(BIN)/python -m pytest -q $(PARALLEL) $(BROWSER_TESTS)

pictures: $(READY) ## Update the pictures and help texts of docs/ (needs a font with Chinese characters)
	@VISION_AI_PICTURES=1 $(BIN)/python -m pytest -q tests/unit/tools/cli/test_cli_pages.py tests/e2e/console/test_console_pictures.py tests/e2e/fleet_page/test_fleet_page_pictures.py tests/e2e/emulator_page/test_page_pictures.py tests/e2e/report/test_report_in_browser.py

produce: $(READY) ## Render the emulator's pictures of produce anew
	@$(BIN)/python emulator/render_pictures.py

emulator: $(READY) ## Run the emulator (HOST, PORT, API=v2)
	@$(BIN)/python -m vision_ai_emulator --host $(HOST) --port $(PORT) $(if $(API),--api $(API))

fuzz: $(READY) ## Fuzz the emulator or a module (URL, API=v1|v2, EFFECTS=read|set|act|destructive, CASES, SEED)
	@$(BIN)/python tests/integration/fuzz/run.py --seed $(SEED) --effects $(EFFECTS) \
		$(if $(URL),--url $(URL)) $(if $(API),--api $(API)) $(if $(CASES),--cases $(CASES))

faults: $(READY) ## Run every operation and workflow with every fault, and print a table
	@$(BIN)/python tests/integration/faults/run.py

conformance: $(READY) ## Check a module against the contract (URL, EFFECTS=read|set|act|destructive, REPORT, PROFILE)
	@$(BIN)/python -m vision_ai_tools.conformance --url "$(or $(URL),emulator:)" --effects $(EFFECTS) \
		$(foreach file,$(REPORT),--report $(file)) $(if $(PROFILE),--profile $(PROFILE)) \
		$(foreach each,$(ALSO),--also $(each)) $(if $(YES),--yes $(YES))

interop: $(READY) ## Generate clients in ten languages and run them against the emulator (LANGUAGES="go rust")
	@$(BIN)/python tests/e2e/interop/run.py $(LANGUAGES)

bench: $(BENCH)/.ready ## Compare the SDK with other clients (WORKLOAD="get_result upload", BASELINE=path, QUICK=1, PROFILE=1)
	@$(BENCH)/bin/python benchmarks/run.py $(if $(WORKLOAD),--workload $(WORKLOAD)) $(if $(BASELINE),--baseline $(BASELINE)) \
		$(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(PROFILE),--profile) $(if $(FRAMES),--frames)

bench-watch: $(READY) ## Measure watch() beside a bare loop, and how fast it is back after a lost connection
	@$(BIN)/python benchmarks/watch.py

bench-report: $(READY) ## Measure the report of a chain: seconds and memory (ROWS="100000 1000000")
	@$(BIN)/python benchmarks/report_speed.py $(ROWS)

bench-fleet: $(READY) ## Measure a center with thousands of agents (AGENTS="100 1000", QUICK=1)
	@$(BIN)/python benchmarks/fleet/run.py $(AGENTS) $(if $(QUICK),--quick)

chaos-fleet: $(READY) ## Kill server, agents and controllers at random, and count what the modules did (ROUNDS, SEED)
	@$(BIN)/python benchmarks/fleet/chaos.py $(if $(ROUNDS),--rounds $(ROUNDS)) --seed $(SEED)

generate: $(READY) ## Generate generated/ from openapi/vision-ai.yaml
	@$(BIN)/python openapi/codegen/generate.py

check-generated: $(READY) ## Fail if generated/ is out of date
	@$(BIN)/python openapi/codegen/generate.py --check

translations: $(READY) ## Update the catalogs of translations from the code, compile them, and list what is missing
	@$(BIN)/python translations/update.py

check-translations: $(READY) ## Fail if a translation is missing, or a catalog is out of date
	@$(BIN)/python translations/update.py --check

contract: $(READY) ## Lint the contract, build openapi/dist/, and run the workflows against the emulator
	@$(BIN)/python openapi/tools/contract.py

check-contract: $(READY) ## Lint the contract, run the workflows, and fail if openapi/dist/ is out of date
	@$(BIN)/python openapi/tools/contract.py --check

vectors: $(READY) ## Check and format openapi/vectors/, and update lengths and digests
	@$(BIN)/python openapi/tools/vectors.py

firmware-diff: $(READY) ## List changes of the contract since BASE (a git ref; BASE=v1-to-v2: from V1 to V2), and whom they break
	@$(BIN)/python openapi/tools/firmware_diff.py $(if $(filter v1-to-v2,$(BASE)),--api-versions,$(BASE))

lint: $(READY) ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY) ## Check the types, on Linux, Windows and macOS, and that all public names have types
	@printf '%s\n' "" "--pythonplatform Windows $(INSTALLED)" "--pythonplatform Darwin $(INSTALLED)" | \
		xargs -d '\n' -P 2 -I {} bash -c 'output=$$($(BIN)/pyright {} 2>&1) || { echo "$$output"; exit 1; }'
	@printf '%s\n' $(TYPED) | xargs -P 2 -I {} bash -c \
		'output=$$(PATH="$(CURDIR)/$(BIN):$$PATH" pyright --verifytypes {} --ignoreexternal 2>&1) || { echo "$$output"; exit 1; }'

layers: $(READY) ## Check the import rules
	@$(BIN)/lint-imports

check: lint types layers check-generated check-translations ## Run all checks except the tests

COMPILE := $(VENV)-lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: $(READY) ## Update the pinned versions of requirements/
	@$(PYTHON) -m venv --clear $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools uv
	@$(COMPILE) --extra emulator --extra cli --extra console --extra report --extra agent --extra fleet --extra dev --output-file requirements/dev.txt pyproject.toml
	@$(COMPILE) --extra emulator --extra cli --extra console --build-deps-for editable \
		--constraint requirements/dev.txt --output-file requirements/demo.txt pyproject.toml
	@$(COMPILE) --extra bench --output-file requirements/bench.txt pyproject.toml
	@$(COMPILE) --extra docs --output-file requirements/docs.txt pyproject.toml
	@$(COMPILE) --extra release --output-file requirements/release.txt pyproject.toml
	@$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra emulator --extra cli --extra console --extra report --extra agent --extra fleet \
		--constraint requirements/dev.txt --output-file requirements/runtime.txt pyproject.toml
	@rm -rf $(VENV)-lock
	@$(BIN)/python openapi/tools/linters.py lock

# npm brings one file of 1 KB, without which a browser cannot search in pages that are opened as files; hooks.py checks it.
website/node_modules/iframe-worker: website/package.json
	@npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts --prefix website

MKDOCS := NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs
docs: $(DOCS)/.ready website/node_modules/iframe-worker ## Build the documentation site into dist/site (no warning is accepted)
	@$(MKDOCS) build --quiet --strict --config-file website/mkdocs.yml && echo "dist/site/index.html"

docs-check: docs $(READY) ## Build the site and check it in a browser: no dead link, no request to the net, accessible
	@$(BIN)/python -m pytest -q $(PARALLEL) $(SITE_TESTS)

docs-serve: $(DOCS)/.ready website/node_modules/iframe-worker ## Show the documentation site on http://127.0.0.1:8000
	@$(MKDOCS) serve --config-file website/mkdocs.yml

release: $(RELEASE)/.ready ## Make everything of a release in dist/, from a clean tree
	@PYTHONPATH=packaging $(RELEASE)/bin/python -m release

pyz: $(RELEASE)/.ready ## Build dist/vision-ai.pyz: command line, emulator and console in one file (PLATFORM, PYTHON_VERSION)
	@PYTHONPATH=packaging $(RELEASE)/bin/python -m pyz $(if $(PLATFORM),--platform $(PLATFORM)) \
		$(if $(PYTHON_VERSION),--python-version $(PYTHON_VERSION))

release-check: pyz image deb $(RELEASE)/.ready $(READY) ## Build the packages and try each of them, also ARCHITECTURES="amd64 arm64 armhf" (needs root, mmdebstrap, umoci, unzip and wine)
	@PYTHONPATH=packaging ARCHITECTURES="$(ARCHITECTURES)" $(BIN)/python -m pytest -q packaging/checks

wheelhouse: $(RELEASE)/.ready ## Bundle the wheels for computers without a network (PLATFORM=win_amd64, PYTHON_VERSION=3.13, EXTRAS)
	@PYTHONPATH=packaging $(RELEASE)/bin/python -m wheelhouse $(PLATFORM) \
		$(if $(PYTHON_VERSION),--python-version $(PYTHON_VERSION)) $(if $(EXTRAS),--extras $(EXTRAS))

image: $(RELEASE)/.ready ## Build the emulator's OCI image into dist/, for docker and podman (needs mmdebstrap and umoci)
	@PYTHONPATH=packaging $(RELEASE)/bin/python -m image

deb: $(READY) ## Build the Debian packages into dist/, for Debian 13 (needs root and mmdebstrap)
	@PYTHONPATH=packaging $(BIN)/python -m deb

build: $(READY) ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## Remove what the targets created
	rm -rf $(VENV) $(VENV)-lock $(PYTHONS:%=.venv-%) .venv-lowest .venv-patched .venv-windows $(DEMO) $(BENCH) $(RELEASE) $(DOCS) website/node_modules dist demo-output fuzz-reports bench-reports benchmarks/build interop-reports tests/e2e/interop/*/build tests/integration/platforms/build tests/e2e/interop/*/node_modules tests/e2e/interop/rust/Cargo.lock .hypothesis openapi/lint/node_modules .pytest_cache .ruff_cache .import_linter_cache
