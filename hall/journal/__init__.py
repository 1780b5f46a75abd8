"""The append-only journal: envelope, dossier tokens, hash chain, encrypted store, projections."""
