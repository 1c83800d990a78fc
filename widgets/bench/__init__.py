"""Benches that need a window: start-up and latency. Each is measured beside its baseline in the same run."""
