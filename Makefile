# Rebuilds the shipped models from public pages (docs/rebuild.md); everything else is a command of its own.

PYTHON ?= python
DATA ?= build/datasets
MODELS ?= build/models
# Other places of the repositories, such as --mirror '/srv/git/{repository}.git'
PULL ?=
# Texts to train the model for plain text on besides the pages: a folder of labelled texts.
TEXTS ?=

# More threads add up numbers in another order, and give files of other bytes.
export OPENBLAS_NUM_THREADS := 1

SETS := id-portals news-labelled news-more
BOILERPLATE := $(PYTHON) -m boilerplate

.PHONY: models datasets compare

models: datasets
	$(BOILERPLATE) train --kind html $(SETS:%=$(DATA)/%) datasets/portals -o $(MODELS)/portals --no-evaluate --overwrite
	$(BOILERPLATE) train --kind text $(TEXTS) $(DATA)/id-portals datasets/portals -o $(MODELS)/portals-text --no-evaluate --overwrite
	-$(MAKE) compare

datasets:
	for set in $(SETS); do $(BOILERPLATE) datasets pull $$set -o $(DATA)/$$set $(PULL) || exit; done

compare:
	cmp $(MODELS)/portals.npz models/portals.npz
	cmp $(MODELS)/portals-text.npz models/portals-text.npz
