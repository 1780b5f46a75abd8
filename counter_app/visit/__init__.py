"""One citizen's visit: which page is in the middle, what comes next, which key does it."""
