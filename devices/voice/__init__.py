"""Call voice: announcements joined from recorded clips and played on this machine."""
