"""Hand out a result: identity check, signature, proof of service."""
