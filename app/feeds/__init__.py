"""From the outside to frames: envelopes, sockets and their state. Must not decide and not touch the journal."""
