"""Tables of what the desk knows, one per projection, columns declared as data. Must not know bridge or panels."""
