# A simulated day, for the Makefile to include. URL=wss://… takes a server of yours, ARGS more options (ARGS=--help).
.PHONY: day
PEOPLE ?= 400
MINUTES ?= 5

day: $(READY) ## Let a day of visitors happen in minutes (PEOPLE, MINUTES, URL), check every promise, write build/day.html
	$(BIN)/python -m tests.load.day --people $(PEOPLE) --minutes $(MINUTES) $(if $(URL),--url $(URL)) $(ARGS)
