"""What the printer can have said of a slip: SlipPrinted.result. Apart from slip_printer.py, which loads fonts."""

CONFIRMED, UNCONFIRMED, UNKNOWN, STOPPED = "confirmed", "unconfirmed", "unknown", "stopped"
NO_PAPER, NEEDS_PERSON, OFFLINE, FAULT = "no_paper", "needs_person", "offline", "fault"
MAYBE_OUT = (CONFIRMED, UNCONFIRMED, UNKNOWN, STOPPED)
"""A slip, or a part of it, may be in somebody's hand."""
