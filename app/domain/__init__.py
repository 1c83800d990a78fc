"""The rules of the desk, in pure Python.

Owns what an incident, a unit, a dispatch and an alarm are, which commands they take and which events follow.
Must not read a clock, do I/O, draw random numbers or import anything but the standard library.
"""
