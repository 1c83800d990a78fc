"""The drill: a district that reports, drives and answers. Must not touch a journal: it speaks over the network only."""
