"""Measurements, each beside its baseline in the same run.

Owns what `main.py bench NAME` prints. Must not be imported by the program itself.
"""
