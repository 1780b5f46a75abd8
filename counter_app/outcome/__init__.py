"""What this window decides about a case, by its powers, and the papers that say so."""
