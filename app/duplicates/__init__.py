"""Is this a matter that the desk knows already: the rule, the index that finds what to ask it, and its reasons."""
