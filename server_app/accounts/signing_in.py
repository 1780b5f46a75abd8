"""Signing in and out: Argon2id, five attempts, sessions kept on the server. Blocking; any thread."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import RowMapping, delete, insert, select, update

from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from server_app.accounts import tables
from server_app.accounts.manage import MOST_PASSWORD, to_officer
from server_app.accounts.officer import Officer

MOST_FAILURES = 5
LOCKED_MS = 15 * 60_000
IDLE_MS = 30 * 60_000
LIFE_MS = 12 * 3600_000
SEEN_STEP_MS = 60_000
"""A session notes its use once a minute: a page view is no write to the disk."""
FORGET_MS = 24 * 3600_000
AT_ONCE = 2
"""Argon2id takes 64 MiB and a core for each password, and anybody may send one."""
MOST_IN_LINE = 8
"""With those under way: a crowd before the door must not take all threads of the pages."""
WAIT_S = 1.0

WRONG = Refusal("wrong_password", "登录名或密码不对，请重新输入。连续输错五次将锁定15分钟。")
LOCKED = Refusal("locked", "输错次数过多，已锁定15分钟。请稍后再试，或请信息科重设密码。")
BUSY = Refusal("busy", "现在登录的人较多，请过几秒再试一次。")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session."""

    officer: Officer
    csrf: str


class SignInDesk:
    """Keeps no state but the key that signs cookies and who is being checked right now."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._cookies = URLSafeSerializer(secret, salt="yichuang session")
        self._hasher = PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._line = threading.BoundedSemaphore(MOST_IN_LINE)
        # who does not exist costs as much time as who does
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def sign_in(self, login: str, password: str) -> str:
        """The new cookie. Raises Refusal (wrong, locked, busy)."""
        login = login.strip().lower()[:64]
        # who does not get a turn has not used up an attempt
        with self._turn():
            row = self._checked(login, password)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

        def work(ledger: Ledger) -> None:
            now = _ms(ledger)
            ledger.conn.execute(delete(tables.failed_login).where(tables.failed_login.c.login == login))
            ledger.conn.execute(delete(tables.session).where(tables.session.c.seen_ms < now - IDLE_MS))
            ledger.conn.execute(
                insert(tables.session).values(
                    digest=_digest(token), account=row["id"], csrf=csrf, opened_ms=now, seen_ms=now
                )
            )

        self._store.write(work)
        return str(self._cookies.dumps(token))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Raises Refusal (busy)."""
        if not self._line.acquire(blocking=False):
            raise BUSY
        try:
            if not self._turns.acquire(timeout=WAIT_S):
                raise BUSY
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._line.release()

    def _checked(self, login: str, password: str) -> RowMapping:
        """The account. Raises Refusal (wrong, locked)."""
        # counted before it is checked, so that many attempts at once are still only five
        self._store.write(lambda ledger: self._attempt(ledger, login))
        with self._store.read() as conn:
            a = tables.account
            row = conn.execute(select(a).where(a.c.login == login, a.c.active)).mappings().first()
        stored = self._nobody if row is None else row["password_hash"]
        try:
            self._hasher.verify(stored, password[: MOST_PASSWORD + 1])
        except (VerificationError, InvalidHashError) as exc:
            raise WRONG from exc
        if row is None:
            raise WRONG
        return row

    def session(self, cookie: str) -> SignedIn | None:
        """None for no, an old, or a forged cookie."""
        token = self._token(cookie)
        if token is None:
            return None
        s, a = tables.session, tables.account
        with self._store.read() as conn:
            row = (
                conn.execute(
                    select(a, s.c.csrf, s.c.opened_ms, s.c.seen_ms)
                    .join(s, s.c.account == a.c.id)
                    .where(s.c.digest == _digest(token), a.c.active)
                )
                .mappings()
                .first()
            )
        if row is None:
            return None
        now = int(self._store.now().timestamp() * 1000)
        if now - row["seen_ms"] > IDLE_MS or now - row["opened_ms"] > LIFE_MS:
            return None
        if now - row["seen_ms"] > SEEN_STEP_MS:
            seen = update(s).where(s.c.digest == _digest(token)).values(seen_ms=now)
            self._store.write(lambda ledger: ledger.conn.execute(seen))
        return SignedIn(to_officer(row), row["csrf"])

    def sign_out(self, cookie: str) -> None:
        token = self._token(cookie)
        if token is not None:
            gone = delete(tables.session).where(tables.session.c.digest == _digest(token))
            self._store.write(lambda ledger: ledger.conn.execute(gone))

    def _token(self, cookie: str) -> str | None:
        try:
            token = self._cookies.loads(cookie)
        except BadSignature:
            return None
        return token if isinstance(token, str) else None

    def _attempt(self, ledger: Ledger, login: str) -> None:
        f, now = tables.failed_login, _ms(ledger)
        ledger.conn.execute(delete(f).where(f.c.last_ms < now - FORGET_MS))
        row = ledger.conn.execute(select(f).where(f.c.login == login)).mappings().first()
        if row is not None and row["locked_until_ms"] > now:
            raise LOCKED
        failures = 1 if row is None or row["locked_until_ms"] else row["failures"] + 1
        locked_until = now + LOCKED_MS if failures >= MOST_FAILURES else 0
        values = {"failures": failures, "locked_until_ms": locked_until, "last_ms": now}
        if row is None:
            ledger.conn.execute(insert(f).values(login=login, **values))
        else:
            ledger.conn.execute(update(f).where(f.c.login == login).values(**values))


def derived_secret(private: bytes, what: str) -> bytes:
    """A key of its own for one use, from this machine's key: restarts and sister processes share it."""
    return hmac.new(private, f"yichuang {what}".encode(), hashlib.sha256).digest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _ms(ledger: Ledger) -> int:
    return int(ledger.now().timestamp() * 1000)
