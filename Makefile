# On a fresh machine with Swift: `make demo` to see it, `make test` to check it.

PREFIX ?= /usr/local
SWIFT ?= swift
BINARY := .build/release/nn

# Linked statically, the binary starts faster and runs on machines without Swift. Apple's systems bring the runtime.
ifeq ($(shell uname),Darwin)
  RELEASE_FLAGS := -c release
else
  RELEASE_FLAGS := -c release --static-swift-stdlib
endif

# For `make bench`: Pythons with the peers and with Keras, and how often each program runs.
ROUNDS ?= 5

# For `make parity` and `make exports`: how many networks, drawn by which seed, and a Python with TensorFlow (docs/keras.md), or
# with ONNX Runtime (Tests/Exports).
N ?= 500
SEED ?= 0
PYTHON ?= python3

# For `make mutate`: how many changes, drawn by SEED.
SITES ?= 100

# For `make torture`: kills in all, by which the rest is scaled; which scenarios, all if none; SHORT=1 for half a minute.
TRIALS ?= 200
ONLY ?=

# For `make fuzz`: how long, over all targets.
SECONDS ?= 600

.PHONY: demo build test cross sanitize fuzz torture coverage mutate parity exports protocol install bench format lint docs-check setup clean

## demo: build nn, train the first example on a real table, draw its learning curve
demo: build
	@cat scripts/sentence.nn
	@cd scripts && ../$(BINARY) run sentence.nn

## build: the release binary, at .build/release/nn
build: setup
	$(SWIFT) build $(RELEASE_FLAGS) --product nn

## test: every test, then every program in scripts/ with the release binary
test: setup
	@.ci/setup tests
	$(SWIFT) test
	$(MAKE) --no-print-directory build
	.ci/run-scripts $(BINARY)

## cross: the kernels for arm64, under qemu-user, give the bits of those for this machine
cross: setup
	@.ci/setup cross
	Tests/NNEngineTests/CrossArchitecture/compare.sh --all

## sanitize: every test under ThreadSanitizer, and under AddressSanitizer with UndefinedBehaviorSanitizer for the C
sanitize: setup
	@.ci/setup tests
	SWIFT=$(SWIFT) Tests/Sanitizers/run

## fuzz: coverage-guided fuzzing of scripts, tables, model files and what else nn reads, for SECONDS in all (Fuzz/run)
fuzz: setup
	Fuzz/run $(SECONDS)

## coverage: the lines of Sources/ that the tests run, by module; nine in ten are wanted
coverage: setup
	@.ci/setup tests
	Tests/Coverage/coverage.py

## mutate: SITES changes of the engine and the parser, one at a time; the tests should catch nine in ten
mutate: setup
	Tests/Mutation/mutate.py --sites $(SITES) --seed $(SEED)

## torture: what a machine does to a program, and a table of trials and losses (docs/reliability.md)
torture: build
	cd Tests && $(PYTHON) -m Torture --nn ../$(BINARY) --trials $(TRIALS) --only "$(ONLY)" $(if $(SHORT),--short)

## parity: N networks drawn at random, trained in Keras and by nn, and compared
parity: build
	cd Tests/KerasTests && $(PYTHON) -m reference.parity --nn ../../$(BINARY) --count $(N) --seed $(SEED)

## exports: N models drawn at random and exported, as ONNX Runtime and a C compiler answer (Tests/Exports)
exports: build
	cd Tests && $(PYTHON) -m Exports.compare --nn ../$(BINARY) --count $(N) --seed $(SEED)

## protocol: the Swift of Sources/NNModelIO/Protocol, by protoc and swift-protobuf's protoc-gen-swift, at the version of Package.swift
protocol:
	cd Sources/NNModelIO/Protocol && protoc --swift_out=. --swift_opt=Visibility=Internal onnx.proto tensorboard.proto

## install: copy nn to $(PREFIX)/bin
install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/nn"

## bench: nn and its peers on the same works, in turn (docs/benchmarks.md)
bench: build
	cd Benchmarks && $(SWIFT) build -c release --product nn-bench
	python3 Benchmarks/run.py --rounds $(ROUNDS) $(if $(PEERS),--peers $(PEERS)) $(if $(KERAS),--keras $(KERAS)) \
	  $(if $(WORKS),--works $(WORKS)) $(if $(CURVES),--curves) $(if $(WRITE),--write)

## format: lay the Swift sources out as .swift-format says
format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

## lint: fail where `make format` would change something, or a rule is broken
lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

## docs-check: fail if a page links to a file that is not there
docs-check:
	.ci/check-links

## setup: install libreadline-dev, zlib1g-dev and libcairo2 (or brew's readline) if missing
setup:
	@.ci/setup

clean:
	$(SWIFT) package clean
