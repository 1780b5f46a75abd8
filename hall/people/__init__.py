"""Who works in the hall and in whose name: staff, certificates, roles, permissions, authorisations and
powers.
"""
