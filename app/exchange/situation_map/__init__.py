"""The shareable situation map: a desk at one instant as one HTML file that needs nothing else.

Must not fetch anything, import Qt, or show personal data that was not asked for.
"""

from app.exchange.situation_map.page import situation_map_html, write_situation_map

__all__ = ["situation_map_html", "write_situation_map"]
