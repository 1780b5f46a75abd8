"""What a citizen at a kiosk asks the node: progress, a late rating, and staff. Rows leave here masked."""
