"""Exit statuses of the program."""

OK = 0
INTERNAL = 1
FOUND_ERRORS = 1
"""What a check ends with, as linters do: the program did what it should, the input is not in order."""
BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
