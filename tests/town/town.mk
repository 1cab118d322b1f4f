# The harms that people can do to people: a simulated town, against the real handlers and rules.
.PHONY: abuse
abuse: $(READY) ## Play a town of honest people and abusers, and print which goals of docs/trust.md are met (SCENES)
	@$(BIN)/python -m tests.town --plots build/abuse $(SCENES)
