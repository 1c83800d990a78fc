"""Camera frames: numpy pictures at tile size, made off the Qt thread. No Qt, no journal."""
