"""Batches of work spread over processes that may die or hang without harm."""
