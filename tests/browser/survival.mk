# The ordeals of a conversation beyond the fast set: ten thousand lines through two hundred cuts. About eight minutes.
.PHONY: survival
survival: $(READY) ## 10,000 lines through 200 cuts, and a network that is gone for 40 s (eight minutes)
	@$(BIN)/python -m pytest -q -s tests/browser/long_survival.py
