"""Offer an accepted case to a department's desk and see whether it was taken."""
