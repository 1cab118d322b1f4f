# Calls in real browsers beyond the fast set: broken networks, address changes, and the figures. About six minutes.
.PHONY: test-calls call-figures
test-calls: $(READY) ## Calls through broken networks, in real browsers (six minutes)
	@$(BIN)/python -m pytest -q tests/call
	@$(BIN)/python -m pytest -q tests/call/long_faults.py tests/call/long_networks.py tests/call/long_page.py tests/call/long_controls.py tests/call/long_orders.py

call-figures: $(READY) ## Measure how fast calls start and how many frames they take
	@$(BIN)/python -m pytest -q -s tests/call/long_figures.py
