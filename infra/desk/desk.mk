# The operator's desk, for the Makefile to include. SITE=name is the site of sites/name.json. ARGS goes to it, for instance ARGS="--local 8080 --who olga".
.PHONY: desk

desk: $(READY) ## Open the operator's desk on this machine; DEMO=1 shows it with invented cases
	@$(BIN)/python -m infra.desk $(if $(DEMO),--demo) $(if $(SITE),--site '$(SITE)') $(ARGS)
