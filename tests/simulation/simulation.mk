# The simulation beyond what `make test` has of it; docs/pairing.md says what each is.
HISTORIES ?= 5000
ROUNDS ?= 200
.PHONY: simulation histories races rates mutants
simulation: $(READY) ## Every schedule of the large scenarios, and long runs at high rates (a quarter of an hour)
	@$(BIN)/python -m pytest -q --long tests/simulation --deselect tests/simulation/test_crowds.py::test_many_long_histories_find_every_promise_kept

histories: $(READY) ## Let 3 to 6 people do anything, otherwise each time (HISTORIES, default 5000)
	@HISTORIES=$(HISTORIES) $(BIN)/python -m pytest -q --long tests/simulation/test_crowds.py

races: $(READY) ## Join and skip at once on a real DynamoDB server (ROUNDS; DYNAMODB_URL names another one)
	@$(BIN)/python -m tests.simulation.races $(ROUNDS)

rates: $(READY) ## Print what pairing costs and how long people wait, from 10 to 5,000 joins a second
	@$(BIN)/python -m tests.simulation.rates

mutants: $(READY) ## Forget each condition of each write once, and look for a history that notices
	@$(BIN)/python -m tests.simulation.mutants
