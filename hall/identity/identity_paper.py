"""Papers that say who somebody is, by what may become of the original."""

from enum import StrEnum


class IdentityPaper(StrEnum):
    CARD = "card"
    """居民身份证、居住证、护照、通行证: never leaves the person, neither to be kept nor to be sent on."""
    BOOK = "book"
    """户口簿: not kept at the window; it may go to a department that has to write into it."""
