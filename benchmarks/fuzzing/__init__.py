"""Parts of the fuzzer (`benchmarks/fuzz.py`): inputs, a browser's view of them, properties, engines."""
