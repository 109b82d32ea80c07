"""Labelling pages by hand: a dataset on disk, what can be done to its labels, and the local web page that does it."""
