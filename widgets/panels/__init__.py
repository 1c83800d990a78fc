"""The docks of the console: what they show and what an officer can do there. Never journal, feeds or a database."""
