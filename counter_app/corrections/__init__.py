"""Papers brought to any window for a case that lies elsewhere: an errand with a receipt."""
