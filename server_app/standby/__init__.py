"""Two nodes for one hall: one serves, the other keeps a copy and can take its place (decision 0026)."""
