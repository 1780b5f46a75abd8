"""Accounts of this machine. No facts of the hall: they never travel and are not rebuilt from the journal."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text

metadata = MetaData()

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("desks", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    comment="Officers who sign in on this machine's pages. Argon2id hashes only.",
)

failed_login = Table(
    "failed_login",
    metadata,
    Column("login", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    comment="Wrong attempts by typed name, also of names that do not exist.",
)

session = Table(
    "web_session",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    comment="SHA-256 of the session id in the cookie: a stolen database signs nobody in.",
)
