"""The window staff's app: call, take in, capture, accept, dispatch, hand out, ask for a rating. Keyboard first."""
