"""What the machines below should have of catalogue, calendar and profiles."""
