"""Devices, links and where facts have arrived: always visible."""
