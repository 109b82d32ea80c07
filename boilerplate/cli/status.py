"""Exit statuses of the program."""

OK = 0
INTERNAL = 1
BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
