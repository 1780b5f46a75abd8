"""The hall's live board, without names."""
