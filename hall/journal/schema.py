"""Tables of the journal itself. Slices add theirs to the same MetaData (hall.assembly joins them)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

metadata = MetaData()

record = Table(
    "record",
    metadata,
    Column("pos", BigInteger, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("inc", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("id", Text, nullable=False, unique=True),
    Column("dossier", Text, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("token", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("wall_ms", BigInteger, nullable=False),
    Column("h", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("verdict", Text, nullable=False),
    UniqueConstraint("origin", "inc", "seq", name="uq_record_chain"),
    Index("ix_record_dossier", "dossier", "n"),
    Index("ix_record_scope", "scope", "pos"),
    Index(
        "ix_record_held",
        "dossier",
        "n",
        "pos",
        sqlite_where=text("verdict = 'held'"),
        postgresql_where=text("verdict = 'held'"),
    ),
    comment="Every record this machine has written or received, in the order it came.",
)

chain_head = Table(
    "chain_head",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("inc", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("h", LargeBinary, nullable=False),
    comment="Last record stored of each chain: the parent's contiguous watermark.",
)

dossier = Table(
    "dossier",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("offered_to", Text),
    Index("ix_dossier_offer", "owner", "offered_to"),
    comment="Who owns each dossier, by which token, and to whom it is offered. Rebuilt from records.",
)

dossier_key = Table(
    "dossier_key",
    metadata,
    Column("dossier", Text, primary_key=True),
    Column("wrap_hall", LargeBinary, nullable=False),
    Column("wrap_centre", LargeBinary, nullable=False),
    Column("data_key", LargeBinary),
    comment="Wraps travel beside the records; data_key only where this machine may read.",
)

blob_ref = Table(
    "blob_ref",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    comment="Blobs that accepted records name. Rebuilt from records.",
)

command_log = Table(
    "command_log",
    metadata,
    Column("command_id", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    comment="Which records a command made. Rebuilt from records.",
)

late = Table(
    "late",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("why", Text),
    comment="Records of a former owner that came after a seizure: waiting, adopted or rejected.",
)

closed_chain = Table(
    "closed_chain",
    metadata,
    Column("record", Text, primary_key=True),
    Column("inc", Text, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("dossier", Text, nullable=False),
    Index("ix_closed_chain_origin", "origin"),
    comment="Machines lost for good, and up to where their chains count. Rebuilt from records.",
)

tail_word = Table(
    "tail_word",
    metadata,
    Column("record", Text, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("adopted", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("dossier", Text, nullable=False),
    Index("ix_tail_word_about", "about", "origin"),
    comment="What a person said of a closed machine's tail in the dossier `about`. Rebuilt from records.",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    comment="Bytes that could not be a record, or a second record under a known name. Never dropped.",
)

machine = Table(
    "machine",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("node_id", Text, nullable=False),
    Column("inc", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hall", Text, nullable=False),
    Column("settled", Boolean, nullable=False, server_default=true()),
    Column("suspect", Boolean, nullable=False, server_default=false()),
    comment="Who this machine is; one row.",
)

watermark = Table(
    "watermark",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("inc", Text, primary_key=True),
    Column("held_parent", BigInteger, nullable=False),
    Column("held_root", BigInteger, nullable=False),
    comment="What the parent and the root have said they hold of each chain.",
)

feed_place = Table(
    "feed_place",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("handle", Text, nullable=False),
    Column("pos", BigInteger, nullable=False),
    comment="How far this machine has read its parent's feed.",
)

receipt = Table(
    "receipt",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("inc", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("signed", LargeBinary, nullable=False),
    comment="The parent's signed word that it holds a chain up to seq.",
)

ask = Table(
    "ask",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    comment="Wishes to take a dossier from an owner below; told with every answer until it has moved.",
)

blob_sent = Table(
    "blob_sent",
    metadata,
    Column("digest", Text, primary_key=True),
    comment="Blobs that the parent has confirmed with their digest.",
)

REBUILT = (dossier, blob_ref, command_log, late, closed_chain, tail_word)
"""Journal tables that follow from the records alone."""
