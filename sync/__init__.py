"""Journal exchange between a machine and its parent: facts, claims, blobs. No Qt, no web pages."""
