"""A case of another hall, brought by its number: a window asks its node, the node asks the centre."""
