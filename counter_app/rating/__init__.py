"""Ask for a rating once per service; staff never see it."""
