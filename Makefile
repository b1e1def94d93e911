# The two commands of the README, and what they are made of.
.PHONY: demo test test-long conform bench-capture bench-codec bench-link lint setup setup-build build sim sim-link hostile scale scale-mg crash bench-platform bench-media latency soak fixtures mutants fuzz deny help random api-test

CARGO ?= cargo
# Who may make network namespaces has the path cut between them.
netns := $(shell [ "$$(id -u)" = 0 ] && ip netns list >/dev/null 2>&1 && echo --netns)

# Who may has real time kept before what else the machine does.
realtime := $(shell chrt -r 3 true 2>/dev/null && echo chrt -r 3)

help:
	@sed -n '/^# \(make\|   \) /s/^# //p' Makefile

# make demo      the main job: a private chat on real audio, with mgc and mg as separate processes
demo: setup-build build
	target/debug/h248 demo --out demo-out

# make test      every suite (the lossy simulation in part)
test: setup build
	$(CARGO) test --locked --workspace

# make test-long the same with the simulations whole: make sim, make sim-link, make scale, make scale-mg, make random,
#                make crash and make api-test
test-long: test sim sim-link scale scale-mg random crash api-test

# make sim       1,000 seeded runs of create, move and return over a lossy control path, in virtual time
sim: setup-build build
	target/debug/h248 sim --runs 1000

# make sim-link  2,000 seeded runs of 10,000 transactions in a storm, with restarts, in virtual time
sim-link: setup-build build
	target/debug/h248 sim link --seeds 2000

# make mutants   faults on purpose in mg and mgc, one after another, and which conformance purposes find them
mutants: setup-build build
	$(CARGO) test --locked -p h248-tests --features mutants --test conformance each_fault -- --nocapture
	$(CARGO) build --locked -p mgc --features mutants --target-dir target/mutants
	MUTANTS_BIN=target/mutants/debug scripts/mutants-mgc.sh

# make random    1,000,000 random commands to a gateway, beside a model of it
random: setup-build
	RANDOM_COMMANDS=1000000 $(CARGO) test --locked --config profile.dev.package.mg-core.opt-level=2 -p mg-core --lib mg::tests::random -- --nocapture

# make bench-codec  the codec beside Erlang/OTP's on the same messages in the same run
bench-codec: setup
	$(CARGO) build --locked --release -p codec-bench --bins
	$(CARGO) run --locked --release -p codec-bench --

# make bench-link   the link beside two nodes of Erlang/OTP: transactions a second and per processor second
bench-link: setup
	$(CARGO) run --locked --release -p link-bench --

# make bench-capture  a capture of 1 GB beside tshark: CPU-seconds and memory of decode and ladder (release build)
bench-capture: setup
	$(CARGO) build --locked --release -p lab --bin h248
	scripts/bench-capture.sh

# make bench-media    what a leg and frame costs the gateway, beside a bare loop with the same packets (release build)
# Both run from copies that were written in one piece, as a package's programs are: a linker leaves a program in single
# pages all over the memory, which on a virtual machine costs more than what is measured.
bench_bin := target/bench-media
bench-media: setup-build
	$(CARGO) build --locked --release -p mg -p mgc -p lab --bins
	mkdir -p $(bench_bin)
	for program in h248 mg mgc; do \
	  dd status=none bs=256M if=target/release/$$program of=$(bench_bin)/$$program && chmod +x $(bench_bin)/$$program || exit; \
	done
	$(realtime) $(bench_bin)/h248 bench-media

# make latency   how long sound is under way through the gateway, what jitter and moves do to it (release build, 2 minutes)
latency: setup-build
	$(CARGO) build --locked --release -p mg -p mgc -p lab --bins
	$(realtime) target/release/h248 latency

# make soak      100 rooms x 4 legs for an hour (SOAK_TIME) with random moves all the while: who hears whom, memory,
#                late ticks (release build)
SOAK_TIME ?= 1h
soak: setup-build
	$(CARGO) build --locked --release -p mg -p mgc -p lab --bins
	$(realtime) target/release/h248 soak --time $(SOAK_TIME)

# make bench-platform  1,000 Calls, 10,000 legs at gateways without media: how long moves take at 100, 1,000 and 5,000 a
#                second, and what they cost, without and with --state
bench-platform: setup-build
	$(CARGO) build --locked --release -p mgc -p lab --bins
	target/release/h248 load
	target/release/h248 load --state

# make hostile   a hostile peer at real sockets, the programs optimised: others' latency, memory and counters
hostile: setup-build
	$(CARGO) build --locked --release -p mg -p mgc -p lab --bins
	$(CARGO) test --locked --release -p h248-tests --test hostile -- --nocapture

# make scale     200 legs in 40 Segs, all moved to the neighbour Seg and back while audio runs
scale: setup-build build
	target/debug/h248 scale --legs 200 --segs 40

# make scale-mg  a gateway of 10, 1,000 and 100,000 Contexts: time a command, memory a Context, audits of everything
scale-mg: setup-build
	$(CARGO) run --locked --release -p mg-bench

# make crash     kill -9 of mgc 300 times and of mg 50 times at random moments while audio runs, the path between
#                them cut for 1, 10 and 60 s, and a fifth of all datagrams lost
crash: setup-build build
	target/debug/h248 crash --runs 300
	target/debug/h248 crash --runs 50 --kill mg
	target/debug/h248 crash --runs 20 --cut 1 $(netns)
	target/debug/h248 crash --runs 5 --cut 10 $(netns)
	target/debug/h248 crash --runs 3 --cut 60 $(netns)
	target/debug/h248 crash --runs 30 --loss 20

# make api-test  schemathesis (from PyPI) against the API of a running mgc with a gateway below it
api-test: setup-build build
	scripts/api-test.sh

# make conform   the conformance campaigns against mg and mgc, in text over UDP and in binary over TCP: conform-out/
CONFORM_JOBS ?= 2
CONFORM_OPTIONS ?=
conform: setup-build build
	scripts/conform.sh target/debug conform-out $(CONFORM_JOBS) $(CONFORM_OPTIONS)

# make fixtures  records pcap-fixtures/ anew from our own programs
fixtures: setup-build build
	scripts/fixtures.sh

# make fuzz      each entry point of the codec for FUZZ_SECONDS under a coverage-guided fuzzer (nightly)
FUZZ_SECONDS ?= 3600
fuzz: setup-build
	scripts/fuzz.sh $(FUZZ_SECONDS)

# make lint      formatting and clippy, warnings as errors
lint: setup-build
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# make deny      licences, duplicates and sources of dependencies (installs cargo-deny: minutes)
deny:
	command -v cargo-deny >/dev/null || $(CARGO) install --locked cargo-deny
	$(CARGO) deny check licenses bans sources

build:
	$(CARGO) build --locked --workspace --bins

setup:
	scripts/setup.sh test

setup-build:
	scripts/setup.sh build
