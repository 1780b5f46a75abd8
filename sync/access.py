"""Who a parent lets in: enrolled children, their keys, and the nonce that keeps old requests out."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sync import signing
from sync.signing import BadSignature, Public

NONCE_LIFE_S = 12 * 3600
HELLO_NONCE = "-"
"""What a child sends before it has a nonce."""
CLOSED = "closed"
"""Code of a signed 403: this machine was given up for lost, and nothing of it is taken any more."""


@dataclass(frozen=True, slots=True)
class ChildAccess:
    """One enrolled child. A Mapping of these by node id is given to the parent and may change any time."""

    node_id: str
    public: Public
    """Ed25519, 32 raw bytes."""
    role: str
    """"terminal" or "hall"."""
    scopes: frozenset[str]
    """Feeds it may read; a kiosk or display has "queue" and "own" only."""
    subtree: frozenset[str]
    """Node ids whose chains it may send: itself and, for a hall node, its terminals."""
    nodes: frozenset[str] = frozenset()
    """At the centre, of a hall: the other nodes among `subtree`, of which the hall may not say that they are lost."""
    kind: str = ""
    """As the join file calls it: a kiosk is asked for less than a display, though both read the same."""
    revoked: bool = False
    closed: str = ""
    """Lost for good and closed (OriginClosed): what its screen is told if somebody switches it on again."""
    hall_public: bytes | None = None
    """At the centre, of a hall: the key that its machines read dossiers with."""


class Unauthorised(Exception):
    """`code`: "unknown_node", "revoked", "bad_signature" or "stale_nonce"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Closed(Exception):
    """The machine was closed; its message is for the people before its screen."""


class Doorkeeper:
    """Checks requests. Stateless but for its secret, so several processes may share one."""

    def __init__(self, children: Mapping[str, ChildAccess], secret: bytes) -> None:
        self._children = children
        self._secret = secret

    def child(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, now_s: float
    ) -> ChildAccess:
        """Who sent this. Raises Unauthorised, Closed."""
        node = headers.get(signing.NODE, "")
        known = self._children.get(node)
        if known is None:
            raise Unauthorised("unknown_node")
        try:
            signing.verify_request(method, target, headers, body, public=known.public, keyid=node)
        except BadSignature as exc:
            raise Unauthorised("bad_signature") from exc
        if known.closed:
            raise Closed(known.closed)
        if known.revoked:
            raise Unauthorised("revoked")
        nonce = headers.get(signing.NONCE, "")
        # who is asked for the first time has given no nonce yet, and both only tell what stays true
        first = target.partition("?")[0] in ("/v1/hello", "/v1/mode")
        if not first and not self._fresh(nonce, node, headers.get(signing.INC, ""), now_s):
            raise Unauthorised("stale_nonce")
        return known

    def nonce(self, node: str, inc: str, now_s: float) -> str:
        until = f"{int(now_s) + NONCE_LIFE_S:x}"
        return f"{until}.{_mac(self._secret, until, node, inc)}"

    def _fresh(self, nonce: str, node: str, inc: str, now_s: float) -> bool:
        until, _, mac = nonce.partition(".")
        if not hmac.compare_digest(mac.encode(), _mac(self._secret, until, node, inc).encode()):
            return False
        return int(until, 16) >= now_s


# a child shows the nonce of its hello for hours
@lru_cache(maxsize=1024)
def _mac(secret: bytes, until: str, node: str, inc: str) -> str:
    text = f"{until}\n{node}\n{inc}".encode()
    return hmac.digest(secret, text, "sha256").hex()[:32]
