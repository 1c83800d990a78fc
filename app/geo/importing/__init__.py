"""Makes a district directory of what others keep: OpenStreetMap extracts, grid files, lists of cameras and units.

Owns nothing of the running desk. osmium, pyogrio, pyproj and openpyxl are imported only when a file asks for them.
"""
