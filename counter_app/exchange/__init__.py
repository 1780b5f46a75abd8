"""What has not arrived yet, where it waits, and what to do about it."""
