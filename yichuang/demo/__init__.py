"""The demo hall: real processes, real widgets, devices simulated on the wire."""
