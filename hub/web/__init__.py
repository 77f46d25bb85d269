"""Browsers and API clients."""
