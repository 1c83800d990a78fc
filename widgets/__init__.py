"""Everything Qt. Layers, top to bottom: console, panels, actions and bridge, models and map, parts."""
