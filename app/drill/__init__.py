"""The drill: a district that reports, drives and answers, over the network or played through at once (run.py).

Must not open a journal: a desk is handed to it (app/drill_desk.py).
"""
