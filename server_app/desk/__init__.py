"""The department's review pages, in the hall and at the centre."""
