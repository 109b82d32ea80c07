"""Datasets made, checked and exchanged: what stands between a user's pages and training on them."""
