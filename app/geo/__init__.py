"""Owns place: district data, coordinates, grid lookup, travel times. Must not know incidents, units on duty or Qt."""
