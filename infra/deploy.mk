# Deploying, for the Makefile to include. ARGS goes to the CDK's command line, for instance ARGS="-c queue_shards=4".
# SITE=name reads the options of sites/name.json.
DEPLOY := $(BIN)/python -m infra.deploy $(if $(SITE),--site '$(SITE)')
.PHONY: deploy smoke diff destroy synth bootstrap rotate-edge-secret pipeline button costs documents evidence-key test-deploy doctor papers

deploy: $(READY) ## Deploy to your AWS account and print the site's address (docs/deploying.md)
	@$(DEPLOY) deploy $(ARGS)

doctor: $(READY) ## Say what your AWS account lacks for a deployment
	@$(DEPLOY) doctor $(ARGS)

papers: $(READY) ## Write the documents that laws want of an operator (SITE; ARGS=check says what is out of date)
	@$(BIN)/python -m infra.papers $(if $(SITE),--site '$(SITE)') $(ARGS)

smoke: $(READY) ## Try the deployed site from outside, as two visitors
	@$(DEPLOY) smoke $(ARGS)

rotate-edge-secret: $(READY) ## Give CloudFront and connect another secret, without refusing anybody
	@$(DEPLOY) rotate-edge-secret $(ARGS)

pipeline: $(READY) ## Make the role with which a workflow on GitHub deploys (pipeline_repository)
	@$(DEPLOY) pipeline $(ARGS)

diff: $(READY) ## Show what deploying would change
	@$(DEPLOY) diff $(ARGS)

destroy: $(READY) ## Remove the site from your AWS account
	@$(DEPLOY) destroy $(ARGS)

synth: $(READY) ## Write the CloudFormation templates to build/cdk.out, without credentials or network
	@$(DEPLOY) synth $(ARGS)

bootstrap: $(READY) ## Prepare your AWS account for the CDK, once in each Region
	@$(DEPLOY) bootstrap $(ARGS)

button: $(READY) ## Print a link and a button for other sites (URL=https://…, SITE, WORDS=de)
	@$(BIN)/python -m infra.reports.button --url '$(URL)' --site '$(SITE)' --language '$(or $(WORDS),en)'

costs: $(READY) ## Say what the site costs idle and at four sizes
	@$(BIN)/python -m infra.reports.costs

documents: $(READY) ## Write what is generated in the documents again, from the code
	@$(BIN)/python -m infra.reports.handbook

evidence-key: $(READY) ## Make the key that opens lines handed over with reports, and print its public half
	@$(BIN)/python -m infra.operator.evidence_key

test-deploy: $(READY) programs ## Deploy to an emulated AWS, use it from real browsers, and remove it
	$(BIN)/python -m pytest -q --long tests/deployment $(ARGS)
