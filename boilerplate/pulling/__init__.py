"""Labelled datasets rebuilt from label files that ship and pages that do not: those come from git repositories."""
