"""Working days, opening hours and legal time."""
