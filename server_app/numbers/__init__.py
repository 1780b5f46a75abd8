"""Document numbers drawn from this machine's own series."""
