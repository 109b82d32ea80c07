"""Everything that learning needs and cleaning does not: never imported at run time."""
