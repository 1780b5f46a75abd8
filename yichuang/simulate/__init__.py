"""Deterministic simulation of a county: the product's own journal and protocol on a simulated disk and wire."""
