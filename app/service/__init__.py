"""What makes the domain run: the bus, the projector, intake, the clock and the one owner of tasks. No Qt."""
