# Benchmarks and the bill; the Makefile includes this file. ARGS goes to the commands, for instance ARGS="cold --rounds 21".
.PHONY: bench bench-aws cost

bench: $(READY) programs ## Measure cold start, lines, the gateway and the page; tables in build/bench
	@$(BIN)/python -m tests.bench $(ARGS)

bench-aws: $(READY) ## Measure a deployed site: init, warm handlers and pairing (STACK=Passerby)
	@$(BIN)/python -m tests.bench.aws --stack $(or $(STACK),Passerby) $(ARGS)

cost: $(READY) ## Say what a million chats, calls and waiting hours cost, and three sizes of the site
	@$(BIN)/python -m tests.bench.cost
