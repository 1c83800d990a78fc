"""Owns place: district data, coordinates, grid lookup, roads and travel times. Must not know incidents, units on duty or Qt."""
