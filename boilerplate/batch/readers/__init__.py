"""Readers: a module for each kind of input, which yields its pages and can continue after any of them."""
