"""Looking back over the whole: the trace from a number to its rating."""
