"""Whom to send: candidates with their reasons. Headless and pure; it never sends anybody."""
