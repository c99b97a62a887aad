# The commands for people. The scripts behind them are in scripts/.
.PHONY: run test conformance chaos check fmt web documents bench bench-peers bench-nodes bench-micro

run: ## build the web app and the hub, and start it with a sample conference
	@scripts/web && exec cargo run -- serve --sample

test: ## every test; the last line is the total
	@scripts/test

conformance: ## the WebSocket transport against the Autobahn suite
	@cargo test --locked --workspace --test conformance

chaos: ## three hubs on Redis and a database with random failures; SEEDS=50, SEED=7 DATABASE=mariadb
	@cargo test --locked --test chaos

check: ## formatting and lints, warnings are errors
	@scripts/check

fmt: ## format the Rust code
	@cargo fmt --all

web: ## only the web app, into client-js/app/dist
	@scripts/web

documents: ## regenerate the documents that come from the program
	@scripts/documents

bench: ## measure every budget against its goal; UPDATE=1 updates the table in docs/benchmarks.md
	@scripts/bench

bench-peers: ## the same load on alternatives, side by side; UPDATE=1 as above
	@scripts/bench-peers

bench-nodes: ## the same conference on one, two and three nodes; UPDATE=1 updates the table in docs/scaling.md
	@scripts/bench-nodes

bench-micro: ## micro-benchmarks of encoding, sequencing, fan-out, parsing and frames
	@cargo bench --locked --bench hub
