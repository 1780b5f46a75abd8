"""The counter's ports over the real hall: journal, sync and devices. No widgets here."""
