"""The standby takes the hall node's place, on a manager's order."""
