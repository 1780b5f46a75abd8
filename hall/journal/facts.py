"""Events of the dossier itself: opening, offering, moving, seizing, late facts."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DossierOpened:
    """First record of every dossier; the writer is its first owner."""

    TYPE: ClassVar[str] = "dossier.opened/1"
    kind: str


@dataclass(frozen=True, slots=True)
class DossierOffered:
    """The owner lets somebody else take it; until it is taken it stays here."""

    TYPE: ClassVar[str] = "dossier.offered/1"
    to: str
    """A desk: "hall", "window", "<department>@node", "<department>@county"."""


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """The owner keeps it after all."""

    TYPE: ClassVar[str] = "offer.withdrawn/1"
    why: str


@dataclass(frozen=True, slots=True)
class DossierMoved:
    """The owner's answer to a claim: the last record under the old token."""

    TYPE: ClassVar[str] = "dossier.moved/1"
    to: str
    """Node id of the new owner."""
    ask: str
    """Id of the claim that this answers."""
    offer_stands: bool = False
    """The new owner carries the offer on (the node between a window and a centre desk)."""


@dataclass(frozen=True, slots=True)
class DossierSeized:
    """A parent took it on a named person's order. Written by the seizer under the new token."""

    TYPE: ClassVar[str] = "dossier.seized/1"
    owner_before: str
    by: str
    reason: str
    at: str | None = None
    """The window whose program has checked that person's PIN and says so; None: they had signed in at the seizer."""


@dataclass(frozen=True, slots=True)
class LateAdopted:
    """The owner accepts a former owner's late record as if it had come in time."""

    TYPE: ClassVar[str] = "late.adopted/1"
    record: str


@dataclass(frozen=True, slots=True)
class LateRejected:
    """The owner leaves a former owner's late record without effect."""

    TYPE: ClassVar[str] = "late.rejected/1"
    record: str
    why: str


@dataclass(frozen=True, slots=True)
class DossierErased:
    """The person's data is destroyed with the dossier's key; the chain stays whole."""

    TYPE: ClassVar[str] = "dossier.erased/1"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimAnswered:
    """An owner's signed answer, written down by the asker before it acts on it.

    Lies in the asker's kept dossier and travels up with its chain, so an owner that was restored from a backup,
    or the standby that took its place, learns which dossiers had been given away.
    """

    TYPE: ClassVar[str] = "claim.answered/1"
    ask: str
    dossier: str
    signer: str
    """Node id of the owner that answered."""
    moved: str
    """The owner's DossierMoved record: its canonical bytes as text."""
    signature: str
    """Ed25519 over the statement of sync.claims, base64."""
    parcel: str
    """Digest of the records that came with it (sync.claims)."""
    records: tuple[str, ...]
    """Their ids, in the order of the digest."""
    led_to: tuple[str, ...] = ()
    """The owner's records right before the move in its own chain, oldest first: a call is one commit with its move,
    and a standby may have read neither.
    """


@dataclass(frozen=True, slots=True)
class ForkFound:
    """Two records were written under one place of a chain (a backup that was put back, a cloned disk), and this one
    does not count. Its bytes travel up as a fact of the finder's kept dossier, so that people at every level see what
    has to be entered anew.
    """

    TYPE: ClassVar[str] = "fork.found/1"
    code: str
    """As in the quarantine: "forked" or "chain_broken"."""
    h: str
    """SHA-256 of the bytes, hex."""
    raw: str | None
    """The bytes as sync.wire writes them; None where they are too long, then they lie in the finder's quarantine."""


@dataclass(frozen=True, slots=True)
class ClosedChain:
    """One incarnation of a machine, and up to where it counts."""

    inc: str
    seq: int
    h: str
    """SHA-256 of the record at `seq`, hex: what the closer held."""


@dataclass(frozen=True, slots=True)
class OriginClosed:
    """A machine is lost for good: of its chains only what stands here counts. What comes behind that place, and every
    incarnation that is not named, lies aside until a person adopts or rejects it.

    Lies with the closings of the node or centre that ordered it. Of two such facts the later places stand.
    """

    TYPE: ClassVar[str] = "origin.closed/1"
    machine: str
    name: str
    """As people in the hall call it."""
    chains: tuple[ClosedChain, ...]
    by: str
    by_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class TailAdopted:
    """What a closed machine wrote in this dossier behind its closed place counts after all."""

    TYPE: ClassVar[str] = "tail.adopted/1"
    machine: str
    dossier: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class TailRejected:
    """It stays without effect, and a person has said why."""

    TYPE: ClassVar[str] = "tail.rejected/1"
    machine: str
    dossier: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class MachineConfirmed:
    """A person has found out which of two machines under one name goes on: the one that writes this incarnation."""

    TYPE: ClassVar[str] = "machine.confirmed/1"
    machine: str
    inc: str
    by: str
    by_name: str
    reason: str


KERNEL_EVENTS = (
    DossierOpened,
    DossierOffered,
    OfferWithdrawn,
    DossierMoved,
    DossierSeized,
    LateAdopted,
    LateRejected,
    DossierErased,
    ClaimAnswered,
    ForkFound,
    OriginClosed,
    TailAdopted,
    TailRejected,
    MachineConfirmed,
)
