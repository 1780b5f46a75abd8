"""`yichuang pin` and `yichuang officer`: who may sign in at a window, and who at the department desk.

Passwords are asked for and never stand on a command line, where others could read them in the list of processes.
"""

import sys
from pathlib import Path

import typer

from counter_app.backend.pins import PIN_FILE, TRIES_FILE, forget_tries, set_pin
from hall.catalogue.loading import HALL_CODES, load_profile, resources_dir
from hall.journal.refusal import Refusal
from hall.people.loading import load_people
from hall.people.model import Role
from server_app.accounts import manage
from server_app.accounts.wishes import Activity, Listing, NewAccount, NewPassword
from sync.join_file import JoinFile
from yichuang.accounts_at_work import accounts_after
from yichuang.machines import join_of

ROLES = {
    "审查": Role.REVIEWER, "审批": Role.APPROVER, "首席代表": Role.CHIEF_REP,
    "监督": Role.SUPERVISOR, "大厅管理": Role.HALL_MANAGER, "中心管理": Role.CENTRE_ADMIN,
}  # fmt: skip


def ask_twice(what: str) -> str:
    """Typed twice where a person sits; one line from a script. Raises Refusal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = str(typer.prompt(what, hide_input=True))
    if first != typer.prompt(f"再输一次{what}", hide_input=True):
        raise Refusal("not_the_same", "两次输入的不一样，没有改动。")
    return first


def give_pin(folder: Path, employee_no: str) -> str:
    """A new PIN for somebody of the window's hall; also unlocks the number. Raises BadData, Refusal, OSError.

    The counter app may be running: it reads the list at every sign-in.
    """
    join = join_of(folder)
    if join.kind != "counter":
        raise Refusal("not_a_counter", "PIN 只用于窗口。请用 --data 指定窗口的数据文件夹。")
    resources = resources_dir()
    people = load_people(resources, load_profile(resources / "halls" / f"{join.hall}.json"))
    person = next((s for s in people.staff if s.employee_no == employee_no), None)
    if person is None:
        raise Refusal("unknown_staff", f"本大厅的人员表里没有工号 {employee_no}。")
    set_pin(folder / PIN_FILE, employee_no, ask_twice("PIN"))
    forget_tries(folder / TRIES_FILE, employee_no)
    return f"{person.name}（{employee_no}）在“{join.name}”的新 PIN 已生效。"


def add_officer(
    folder: Path, login: str, name: str, roles: list[str], desks: list[str], person: str | None
) -> str:
    """Raises Refusal, BadData and what accounts_after raises; so do the others."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Refusal("roles", f"没有角色“{unknown[0]}”。可选：{'、'.join(ROLES)}。")
    join = _desk_machine(folder)
    _check_desks(join, desks)
    level = "@county" if join.role == "county" else "@node"
    wish = NewAccount(
        login=login, name=name, password_hash=manage.hash_password(ask_twice("密码")),
        roles=tuple(ROLES[role] for role in roles), desks=tuple(desk + level for desk in desks), person=person,
    )  # fmt: skip
    accounts_after(folder, join, wish)
    return f"已建立账号 {login.strip().lower()}（{name.strip()}）。"


def officer_lines(folder: Path) -> list[str]:
    """One line an account."""
    words = {role: word for word, role in ROLES.items()}
    return [
        "　".join(
            (
                row.login,
                row.name,
                "、".join(words[r] for r in row.roles),
                "、".join(desk.partition("@")[0] for desk in row.desks) or "不属于部门",
                "在用" if row.active else "已停用",
            )
        )
        for row in accounts_after(folder, _desk_machine(folder), Listing())
    ] or ["还没有账号。"]


def change_password(folder: Path, login: str) -> str:
    join = _desk_machine(folder)
    accounts_after(
        folder, join, NewPassword(login=login, password_hash=manage.hash_password(ask_twice("密码")))
    )
    return f"{login} 的密码已更换，锁定已解除，原来的登录已退出。"


def switch_officer(folder: Path, login: str, *, active: bool) -> str:
    accounts_after(folder, _desk_machine(folder), Activity(login=login, active=active))
    return f"{login} 已{'启用' if active else '停用，原来的登录已退出'}。"


def _desk_machine(folder: Path) -> JoinFile:
    """Raises Refusal for a machine without a department desk."""
    join = join_of(folder)
    if join.kind not in ("node", "centre"):
        raise Refusal("no_desk", "部门账号建在大厅节点或县中心。请用 --data 指定它的数据文件夹。")
    return join


def _check_desks(join: JoinFile, desks: list[str]) -> None:
    """A desk is a department of this hall, or at the centre of any hall, that works on this machine."""
    codes = [join.hall] if join.hall in HALL_CODES else list(HALL_CODES)
    halls = [load_profile(resources_dir() / "halls" / f"{code}.json") for code in codes]
    where = "county" if join.role == "county" else "node"
    known = {d.name for profile in halls for d in profile.departments if d.desk_at == where}
    for desk in desks:
        if desk not in known:
            here = "、".join(sorted(known)) or "（没有）"
            raise Refusal("desks", f"没有在本机办理的部门“{desk}”。可选：{here}。")
