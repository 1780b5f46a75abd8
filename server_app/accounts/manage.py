"""Adding and changing accounts: for the command line of the hall's IT. Blocking."""

import re
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal
from hall.journal.store import Store
from hall.people.model import Role
from server_app.accounts import tables
from server_app.accounts.officer import DESK_ROLES, Officer

LEAST_PASSWORD = 10
MOST_PASSWORD = 128
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class AccountRow:
    officer: Officer
    active: bool


def create_tables(store: Store) -> None:
    """Once at start, before the first page."""
    store.write(lambda ledger: tables.metadata.create_all(ledger.conn))


def add_account(
    store: Store, *, login: str, name: str, password: str, roles: frozenset[Role], desks: tuple[str, ...],
    person: str | None = None,
) -> Officer:  # fmt: skip
    """As add_hashed. Raises Refusal with what is wrong, also with the password."""
    return add_hashed(
        store, login=login, name=name, password_hash=hash_password(password), roles=roles, desks=desks,
        person=person,
    )  # fmt: skip


def add_hashed(
    store: Store, *, login: str, name: str, password_hash: str, roles: frozenset[Role],
    desks: tuple[str, ...], person: str | None = None,
) -> Officer:  # fmt: skip
    """`person`: the staff id of somebody who also works at a window, so that nobody decides what they took in.

    `password_hash`: of hash_password. Raises Refusal with what is wrong.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Refusal("login", "登录名应为2至32位小写字母、数字、点、横线或下划线。")
    if not name.strip() or len(name) > 100:
        raise Refusal("name", "请填写姓名。")
    _check_roles(store, roles, desks)
    officer = Officer(person or f"officer-{login}", login, name.strip(), roles, desks)

    def work(ledger: Ledger) -> None:
        taken = select(tables.account.c.id).where(
            (tables.account.c.login == login) | (tables.account.c.id == officer.id)
        )
        if ledger.conn.execute(taken).first() is not None:
            raise Refusal("login_taken", "这个登录名或人员已有账号。")
        ledger.conn.execute(
            insert(tables.account).values(
                id=officer.id, login=login, name=officer.name, password_hash=password_hash,
                roles=" ".join(sorted(r.value for r in roles)), desks="\n".join(desks), active=True,
                changed_ms=_ms(ledger),
            )
        )  # fmt: skip

    store.write(work)
    return officer


def set_hash(store: Store, login: str, password_hash: str) -> None:
    """A new password; also unlocks the account and ends its sessions. Raises Refusal."""

    def work(ledger: Ledger) -> None:
        _change(ledger, login, password_hash=password_hash)
        ledger.conn.execute(delete(tables.failed_login).where(tables.failed_login.c.login == login))

    store.write(work)


def set_active(store: Store, login: str, active: bool) -> None:
    """Who has left keeps the account's name in the books but cannot sign in. Raises Refusal."""
    store.write(lambda ledger: _change(ledger, login, active=active))


def accounts(conn: Connection) -> tuple[AccountRow, ...]:
    rows = conn.execute(select(tables.account).order_by(tables.account.c.login)).mappings()
    return tuple(AccountRow(to_officer(row), row["active"]) for row in rows)


def names(conn: Connection) -> dict[str, str]:
    """Officer's id -> name."""
    return {row.id: row.name for row in conn.execute(select(tables.account.c.id, tables.account.c.name))}


def to_officer(row: RowMapping) -> Officer:
    return Officer(
        row["id"], row["login"], row["name"], frozenset(Role(r) for r in row["roles"].split()),
        tuple(d for d in row["desks"].split("\n") if d),
    )  # fmt: skip


def hash_password(password: str) -> str:
    """Argon2id. Raises Refusal for a password that is too short or too long."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise Refusal("password", f"密码应为{LEAST_PASSWORD}至{MOST_PASSWORD}个字符。")
    return PasswordHasher().hash(password)


def _check_roles(store: Store, roles: frozenset[Role], desks: tuple[str, ...]) -> None:
    if not roles or not roles <= DESK_ROLES:
        raise Refusal("roles", "请选择审查、审批、首席代表、监督、大厅管理或中心管理角色。")
    level = "@county" if store.identity.role == "county" else "@node"
    for desk in desks:
        if not desk.endswith(level) or len(desk) <= len(level) or "\n" in desk:
            raise Refusal("desks", f"本机的部门办理台应写作“部门名称{level}”。")
    if not desks and roles & {Role.REVIEWER, Role.APPROVER, Role.CHIEF_REP}:
        raise Refusal("desks", "审查、审批人员和首席代表须属于某个部门办理台。")


def _change(ledger: Ledger, login: str, **values: object) -> None:
    a = tables.account.c
    done = ledger.conn.execute(
        update(tables.account).where(a.login == login).values(changed_ms=_ms(ledger), **values)
    )
    if done.rowcount == 0:
        raise Refusal("unknown_login", "没有这个账号。")
    mine = select(a.id).where(a.login == login)
    ledger.conn.execute(delete(tables.session).where(tables.session.c.account.in_(mine)))


def _ms(ledger: Ledger) -> int:
    return int(ledger.now().timestamp() * 1000)
