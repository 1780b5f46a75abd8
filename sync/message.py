"""HTTP messages as values: what the cores make and read, without any transport."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is path and query; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    timeout_s: float = 20.0

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
