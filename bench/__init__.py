"""Figures beside floors of the same run: `make bench`."""
