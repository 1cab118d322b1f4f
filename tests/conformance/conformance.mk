# The protocol's own commands; the Makefile includes this file.
.PHONY: conformance load

conformance: $(READY) ## Check a server against the protocol (URL=wss://..., ARGS="--help" for more)
	@$(BIN)/python -m tests.conformance $(URL) $(ARGS)

load: $(READY) ## Let a thousand people meet on a local gateway, and print how long it took
	@$(BIN)/python -m tests.load.thousand_sockets $(ARGS)
