"""What a node or centre does by itself after a commit."""
