"""The field client: a page for the phones of units, served by the desk."""
