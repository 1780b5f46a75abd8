"""A hall of real processes with two nodes, for the bench of a node's death and for the system tests."""
