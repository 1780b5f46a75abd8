"""The hall itself: domain, journal, store, papers. Knows no Qt, no network, no hardware."""
