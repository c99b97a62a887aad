# Everything a person types. What each line does stands in scripts/.
.PHONY: run test conformance chaos check fmt web documents bench bench-peers bench-nodes bench-micro

run: ## build the web app and the hub, and start it with a sample conference
	@scripts/web && exec cargo run -- serve --sample

test: ## every test there is; the last line is the sum
	@scripts/test

conformance: ## the WebSocket transport against the Autobahn suite
	@cargo test --locked --workspace --test conformance

chaos: ## three hubs on Redis and a database while everything goes wrong; SEEDS=50, SEED=7 DATABASE=mariadb
	@cargo test --locked --test chaos

check: ## formatting and lints, warnings are errors
	@scripts/check

fmt: ## put the Rust code in shape
	@cargo fmt --all

web: ## only the web app, into client-js/app/dist
	@scripts/web

documents: ## write what is generated from the program into docs/
	@scripts/documents

bench: ## measure every budget, each beside its goal; UPDATE=1 keeps the table in docs/benchmarks.md
	@scripts/bench

bench-peers: ## the same load at what one might use instead, side by side; UPDATE=1 as above
	@scripts/bench-peers

bench-nodes: ## the same conference on one, two and three nodes; UPDATE=1 puts the table into docs/scaling.md
	@scripts/bench-nodes

bench-micro: ## what encoding, sequencing, fan-out, parsing and frames cost by themselves
	@cargo bench --locked --bench hub
