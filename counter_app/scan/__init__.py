"""A keyboard-like scanner is told from typing by the time between its keys."""
