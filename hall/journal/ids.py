"""Identifiers: UUIDv7 for records and dossiers, random 128-bit values for incarnations and boots."""

import secrets

from uuid_utils.compat import uuid7


def new_id() -> str:
    """A UUIDv7 as 36 characters; ids made later on one machine sort later."""
    return str(uuid7())


def new_incarnation() -> str:
    """128 random bits as 32 hex digits. Never derived from an older one (guide sync, rule 1)."""
    return secrets.token_hex(16)
