"""Sign in with a PIN, open a window, lock the screen when nobody is there."""
