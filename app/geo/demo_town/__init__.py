"""Owns the making of the demo district, in metres around its centre. Only `app.geo.demo_district` may import it."""
