"""What leaves the desk: tasks to units now, centre-to-centre traffic later. Must not decide."""
