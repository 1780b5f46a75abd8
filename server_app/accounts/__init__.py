"""Who may use the pages: accounts, sign-in, sessions, what a role may do, and who read what."""
