"""Bundles that IT brings on a stick while the service runs."""
