"""Owns how long a test waits for what it expects. Must not be what a test measures."""

PATIENCE_S = 60.0
"""A limit only ends a test that has failed: whoever has the machine to himself never sees it, a busy one needs it."""
PATIENCE_MS = int(PATIENCE_S * 1000)
