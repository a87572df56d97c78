.DEFAULT_GOAL := help
SHELL := bash
GO_TOOL := go tool -modfile=hack/tools/go.mod
GINKGOPYTEST := hack/ginkgopytest.sh

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-26s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: doctor
doctor: ## say what this machine lacks and how to get it
	@hack/doctor.sh

.PHONY: setup
setup: ## install the Python environments and build the control plane (once)
	@hack/setup.sh

.PHONY: test
test: setup ## check, unit tests, chaos and every suite; test-bridge, test-browser and prove take as long again
	@$(MAKE) --no-print-directory check test-unit test-chaos test-integration test-e2e-holmesgpt-api

.PHONY: test-unit
test-unit: test-python test-go ## unit tests of every package

.PHONY: test-python
test-python: setup ## Python unit tests, in parallel and random order
	@hack/test-python.sh

.PHONY: test-go
test-go: setup ## Go unit tests
	@hack/test-go.sh

.PHONY: test-matrix
test-matrix: setup ## the pytest plugin with old and new versions of CPython, pytest and xdist
	@hack/test-matrix.sh

.PHONY: test-bridge
test-bridge: setup ## Go tests of the bridge, on real pytest runs
	@hack/test-bridge.sh

.PHONY: test-browser
test-browser: setup ## timeline.html in headless Chromium: what is drawn equals the event log
	@hack/test-browser.sh

.PHONY: test-chaos
test-chaos: setup ## DataStorage while its way to the API server is broken
	@hack/test-chaos.sh

.PHONY: test-e2e-holmesgpt-api
test-e2e-holmesgpt-api: setup ## the main job: stack, seed, one pytest run, 18 specs
	@hack/suite.sh e2e/holmesgpt-api

.PHONY: test-integration
test-integration: test-integration-holmesgpt-api test-integration-aianalysis ## the integration suites

.PHONY: test-integration-holmesgpt-api
test-integration-holmesgpt-api: setup ## HAPI's parts together: catalogue tool, recovery, labels, prompts, audit, metrics
	@hack/suite.sh integration/holmesgptapi

.PHONY: test-integration-aianalysis
test-integration-aianalysis: setup ## the AIAnalysis controller against a real API server, HAPI and DataStorage
	@PROCS=$${PROCS:-11} hack/suite.sh integration/aianalysis

.PHONY: prove
prove: setup ## switch each guarantee off and demand that its check goes red
	@hack/prove.sh

.PHONY: audit
audit: ## ask the vulnerability databases about what is pinned; red when they cannot be reached
	@hack/audit.sh

.PHONY: sbom
sbom: setup ## bills of materials (CycloneDX) of the services and the Go modules, in reports/sbom
	@hack/sbom.sh

.PHONY: load
load: setup ## HAPI beyond its limit, then without DataStorage: accepted, refused, failed, lost; ARGS="-outage 0"
	@hack/load.sh $(ARGS)

.PHONY: fuzz
fuzz: setup ## look for inputs that break a promise: Go's fuzzing, schemathesis, Hypothesis
	@hack/fuzz.sh

.PHONY: bench-auth
bench-auth: setup ## what authentication costs DataStorage; ARGS goes to the benchmark
	@hack/bench-auth.sh $(ARGS)

.PHONY: bench-datastorage
bench-datastorage: setup ## DataStorage's writes, searches and lists with fsync on; ARGS="-rounds 1"
	@hack/bench-datastorage.sh $(ARGS)

.PHONY: bench-hapi
bench-hapi: setup ## HAPI's investigations/s, overload and memory; ARGS="-rounds 1 -memory 0"
	@hack/bench-hapi.sh $(ARGS)

.PHONY: bench-bootstrap
bench-bootstrap: setup ## compare ways to seed for many pytest workers; ARGS="--rounds 1"
	@hack/bench-bootstrap.sh $(ARGS)

.PHONY: bench-events
bench-events: setup ## what the event stream costs per test; ARGS="--rounds 9"
	@hack/bench-events.sh $(ARGS)

.PHONY: bench-reports
bench-reports: setup ## what making the reports of a large event log costs; ARGS="--tests 50000"
	@hack/bench-reports.sh $(ARGS)

.PHONY: bench-bridge
bench-bridge: setup ## raw pytest against the whole bridge; ARGS="--tests 2000 --procs 1 4 --rounds 3"
	@hack/bench-bridge.sh $(ARGS)

.PHONY: compare-foreign
compare-foreign: setup ## third-party suites through the bridge and raw; ARGS="FOLDER" takes another
	@hack/compare-foreign.sh $(ARGS)

.PHONY: release-check
release-check: setup ## the steps of a release: wheel, modules from a file proxy, the tutorial word for word
	@hack/release-check.sh

.PHONY: reproduce-br-test-008
reproduce-br-test-008: setup ## show the stampede, its cause and its cure on real parts
	@go run ./test/stampede/cmd/reproduce

.PHONY: stack-down
stack-down: ## end the stack that KEEP_CLUSTER=true kept
	@go run ./test/infrastructure/stack/cmd/stack-down

.PHONY: must-gather
must-gather: setup ## collect logs, API objects, settings and versions of the kept stack
	@go run ./test/infrastructure/stack/cmd/must-gather

.PHONY: reports
reports: ## make the reports of DIR again from its event log; default is the newest run
	@$(GINKGOPYTEST) report $(or $(DIR),reports/e2e-holmesgpt-api/latest)

.PHONY: history
history: ## the last outcomes of each test of a suite; ARGS="--flaky", DIR=reports/...
	@$(GINKGOPYTEST) history $(ARGS) $(or $(DIR),reports/e2e-holmesgpt-api)

.PHONY: rerun
rerun: setup ## run what the last run left until it is green; ARGS="--tries 5"
	@$(GINKGOPYTEST) rerun $(ARGS) $(or $(DIR),reports/e2e-holmesgpt-api) hack/suite.sh e2e/holmesgpt-api

.PHONY: stress
stress: setup ## repeat the main job on a kept stack until it fails; STRESS=20 FOCUS=audit
	@KEEP_CLUSTER=true $(GINKGOPYTEST) stress --times $(or $(STRESS),20) $(ARGS) hack/suite.sh e2e/holmesgpt-api

.PHONY: compare
compare: ## how the run RUN (the newest) differs from the run BASE
	@$(GINKGOPYTEST) compare $(BASE) $(or $(RUN),reports/e2e-holmesgpt-api/latest)

.PHONY: merge
merge: ## one run of the shards in the folders DIRS; ARGS="--into FOLDER"
	@$(GINKGOPYTEST) merge $(or $(ARGS),--into reports/merged) $(DIRS)

.PHONY: reports-prune
reports-prune: ## remove the oldest runs of a suite; ARGS="--runs 20 --megabytes 500", DIR=reports/...
	@$(GINKGOPYTEST) prune $(or $(ARGS),--runs 20) $(or $(DIR),reports/e2e-holmesgpt-api)

.PHONY: generate
generate: setup ## regenerate clients and models from api/
	@hack/generate.sh

.PHONY: check
check: setup ## report everything that is not in order; changes nothing
	@hack/check.sh

.PHONY: fix
fix: setup generate ## repair what check reports, where a tool can
	@.venv/bin/ruff check --quiet --fix . && .venv/bin/ruff format --quiet .
	@gofmt -w $$(hack/go-files.sh)
	@hack/check-js.sh --fix

.PHONY: clean
clean: ## remove environments, built assets and reports
	@rm -rf .venv .venv-* bin reports
