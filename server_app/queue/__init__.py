"""The hall's queue at its node: live requests of kiosks and windows, and the business day."""
