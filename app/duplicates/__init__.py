"""Is this the same matter as one that the desk knows already: the rule, the index that finds what to ask it, its reasons."""
