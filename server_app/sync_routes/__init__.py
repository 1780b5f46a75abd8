"""The protocol's routes: hello, push, feed, claims, blobs."""
