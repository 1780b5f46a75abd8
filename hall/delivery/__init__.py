"""Results on their way to people: arrival at the hall, window, locker, post, e-licence."""
