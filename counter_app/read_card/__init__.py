"""Read an ID card; shared by take in and delivery."""
