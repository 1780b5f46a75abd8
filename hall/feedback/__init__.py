"""Ratings (好差评) and what follows from bad ones."""
