"""Balcão: one counter for every channel."""

__version__ = "0.1.0"
