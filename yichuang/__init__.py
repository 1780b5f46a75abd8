"""The command line for IT staff, the demo hall and the benches."""
