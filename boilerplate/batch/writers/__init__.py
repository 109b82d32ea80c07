"""Writers: a module for each output format; finished chunks are parts, which are merged to the output at the end."""
