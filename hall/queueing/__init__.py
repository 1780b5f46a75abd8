"""Tickets, calling, windows: from the number at the kiosk to the end of a service."""
