"""The append-only, hash-chained journal and the erasable tables beside it.

Owns storage, order and proof of events. Must not judge events, fold them or know of windows.
"""
