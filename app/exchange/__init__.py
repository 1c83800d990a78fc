"""Documents and files of other systems, in and out. Must not decide and not touch the network."""
