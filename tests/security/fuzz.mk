FRAMES ?= 1000000
SEED ?= 1
.PHONY: fuzz
fuzz: $(READY) ## A million hostile frames, then some guided by coverage where atheris runs (FRAMES, SEED)
	$(BIN)/python -m tests.security.fuzz --frames $(FRAMES) --seed $(SEED)
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-fuzz.lock 2>/dev/null; then \
		$(BIN)/python -m tests.security.fuzz --coverage --frames $(FRAMES) --seed $(SEED); \
	else echo "atheris does not run on this machine: no frames guided by coverage."; fi
