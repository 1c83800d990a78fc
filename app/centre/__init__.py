"""What a centre has declared: types of incident, the words that name them, working hours and the calendar."""
