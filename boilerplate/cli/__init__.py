"""The command line: ``boilerplate clean | label | train | evaluate``."""
