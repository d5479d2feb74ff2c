# The two commands of this project, and what they are made of.

.PHONY: serve test tools check lint bless corpora scorecard scorecard-generated bench screenshots

# Builds Waypost and shows the site that comes with it.
serve:
	cargo run --release -- serve

# Runs every test; installs what the tests need first. Lighthouse measures time: it has the machine for itself.
test: tools
	cargo test --doc --quiet
	@if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --no-fail-fast -E 'not binary(lighthouse)' && cargo nextest run -E 'binary(lighthouse)'; \
	else cargo test --no-fail-fast; fi

# Chromium, Node and other people's testers, at the versions that the lock files name.
tools:
	@sh tests/tools/install.sh

# What CI asks of the code beside its tests.
lint:
	cargo fmt --check
	cargo clippy --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --quiet

# Makes what came what is wanted, in every case file.
bless:
	BLESS=1 cargo test --quiet --test cases

# Builds real documentation, where it is present.
corpora:
	cargo test --test corpora -- --nocapture

# What agents get of the site that comes with Waypost, or of SITE=FOLDER, judged by other people's testers and row by row.
scorecard: tools
	cargo build --release --quiet
	tests/agents/scorecard.sh --binary target/release/waypost $(SITE)

# The same of a generated site of 1,000 pages, or of PAGES=10000.
scorecard-generated: tools
	cargo build --release --quiet
	tests/agents/generated.sh $(or $(PAGES),1000) --binary target/release/waypost

# Measures builds beside other generators'.
bench:
	python3 benches/run.py

# Takes the pictures of the README anew.
screenshots: tools
	cargo test --quiet --test screenshots -- --ignored --nocapture
