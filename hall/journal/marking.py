"""What an event class tells the journal about its fields. Standard library only.

An event is a frozen dataclass with a class attribute TYPE such as "ticket.issued/1": the stable name
and schema version on disk and on the wire. A class may be renamed, its TYPE never.
"""

import re
from dataclasses import MISSING, field
from typing import Any, ClassVar, Protocol

_BLOB_NAME = re.compile(r"[0-9a-f]{64}")


class Event(Protocol):
    """Any past-tense frozen dataclass with a stable TYPE name."""

    TYPE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


def personal(default: Any = None) -> Any:
    """A field that is sealed with the dossier's key and is None to who has no key."""
    return field(default=default, metadata={"personal": True})


def blob(default: Any = MISSING) -> Any:
    """A field (str, or tuple of str) that names blobs by the SHA-256 of their sealed bytes."""
    if default is MISSING:
        return field(metadata={"blob": True})
    return field(default=default, metadata={"blob": True})


def is_blob_name(text: str) -> bool:
    """Whether it is a SHA-256 in lower-case hex digits: nothing else names a blob."""
    return _BLOB_NAME.fullmatch(text) is not None
