"""The second monitor: mirrors the filing in plain words; confirm, sign, rate."""
