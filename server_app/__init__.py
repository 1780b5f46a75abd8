"""One service in two roles: the hall's node and the county centre. Rooms are folders; main.py builds."""
