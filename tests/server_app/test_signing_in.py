"""Accounts, sign-in, lock-out, sessions, form tokens."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hall.journal.refusal import Refusal
from hall.people.model import Role
from server_app.accounts import signing_in
from server_app.accounts.manage import add_account, hash_password, set_active, set_hash
from server_app.accounts.signing_in import IDLE_MS, MOST_FAILURES, SignInDesk
from server_app.main import Loaded
from tests.hall.builders import DESK
from tests.server_app.site import PASSWORD, Browser, Site


def fresh_browser(site: Site) -> Browser:
    return Browser(site.client(site.node_app))


def test_nobody_sees_a_desk_page_without_signing_in(site: Site) -> None:
    browser = fresh_browser(site)
    for path in ("/desk", "/desk/case/x", "/desk/case/x/scan/p", "/desk/case/x/scan/p/full.jpg"):
        response = browser.client.get(path)
        assert response.status_code == 303
        assert response.headers["location"].startswith("/login")
    for path in ("/desk/case/x/act/take", "/desk/case/x/reveal"):
        assert browser.client.post(path, data={"csrf": "x"}).status_code == 303


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    site.officer("wang", Role.REVIEWER)
    browser = fresh_browser(site)
    browser.open("/login")
    data = {**browser.fields("/login"), "login": "wang", "password": PASSWORD}
    cookie = browser.client.post("/login", data=data).headers["set-cookie"]
    assert "yc_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    with site.node.store.read() as conn:
        digests = conn.exec_driver_sql("SELECT digest FROM web_session").scalars().all()
    assert all(d not in cookie for d in digests), "the database holds no cookie"


def test_five_wrong_passwords_lock_the_name_also_one_that_does_not_exist(site: Site) -> None:
    site.officer("wang", Role.REVIEWER)
    for login in ("wang", "nobody"):
        browser = fresh_browser(site)
        for _ in range(MOST_FAILURES):
            assert browser.sign_in(login, "wrong-password") == 401
            assert "登录名或密码不对" in browser.html
        assert browser.sign_in(login) == 429, "the right password does not open a locked name"
        assert "已锁定" in browser.html
    site.clock.later(minutes=16)
    assert fresh_browser(site).sign_in("wang") == 303


def test_a_good_sign_in_forgets_earlier_mistakes(site: Site) -> None:
    site.officer("wang", Role.REVIEWER)
    browser = fresh_browser(site)
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            browser.sign_in("wang", "wrong-password")
        assert browser.sign_in("wang") == 303


@pytest.fixture
def behind_proxy(tmp_path: Path, loaded: dict[str, Loaded]) -> Iterator[Site]:
    """A hall whose join file says that people come by https."""
    one = Site(tmp_path, https=True, loaded=loaded)
    yield one
    one.close()


def cookies_set(site: Site, **headers: str) -> list[str]:
    """Set-Cookie of the sign-in page and of signing in, as a proxy that ends TLS sees them."""
    client = fresh_browser(site).client
    page = client.get("/login", headers=headers)
    before = page.headers["set-cookie"]
    browser = Browser(client)
    browser.html = page.text
    data = {**browser.fields("/login"), "login": "wang", "password": PASSWORD}
    answer = client.post("/login", data=data, headers={**headers, "cookie": before.partition(";")[0]})
    assert answer.status_code == 303
    return [before, *answer.headers.get_list("set-cookie")]


def test_behind_a_proxy_that_ends_tls_every_cookie_is_secure(behind_proxy: Site) -> None:
    add_account(
        behind_proxy.node.store, login="wang", name="示例", password=PASSWORD,
        roles=frozenset({Role.REVIEWER}), desks=(DESK,),
    )  # fmt: skip
    said = cookies_set(behind_proxy)
    assert len(said) == 3
    assert all("; Secure" in cookie for cookie in said)


def test_a_header_that_anybody_can_send_makes_no_cookie_secure(site: Site) -> None:
    site.officer("wang", Role.REVIEWER)
    assert not any("Secure" in c for c in cookies_set(site, **{"x-forwarded-proto": "https"}))


def test_a_sign_in_form_of_another_browser_is_refused(site: Site) -> None:
    site.officer("wang", Role.REVIEWER)
    mine, theirs = fresh_browser(site), fresh_browser(site)
    theirs.open("/login")
    mine.open("/login")
    data = {**theirs.fields("/login"), "login": "wang", "password": PASSWORD}
    assert mine.post("/login", data) == 403


def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    browser = site.officer("wang", Role.REVIEWER)
    cookie = browser.client.cookies["yc_session"]
    browser.open("/desk")
    browser.send("/logout")
    browser.client.cookies.set("yc_session", cookie)
    assert browser.client.get("/desk").status_code == 303


def test_an_idle_session_ends(site: Site) -> None:
    browser = site.officer("wang", Role.REVIEWER)
    site.clock.later(milliseconds=IDLE_MS - 60_000)
    assert browser.client.get("/desk").status_code == 200
    site.clock.later(milliseconds=IDLE_MS - 60_000)
    assert browser.client.get("/desk").status_code == 200, "use keeps it alive"
    site.clock.later(milliseconds=IDLE_MS + 60_000)
    assert browser.client.get("/desk").status_code == 303


def test_a_forged_cookie_is_nobody(site: Site) -> None:
    browser = site.officer("wang", Role.REVIEWER)
    cookie = browser.client.cookies["yc_session"]
    browser.client.cookies.clear()
    browser.client.cookies.set("yc_session", cookie[:-2] + ("aa" if not cookie.endswith("aa") else "bb"))
    assert browser.client.get("/desk").status_code == 303


def test_who_has_left_or_got_a_new_password_is_signed_out(site: Site) -> None:
    browser = site.officer("wang", Role.REVIEWER)
    set_hash(site.node.store, "wang", hash_password(PASSWORD + "-neu"))
    assert browser.client.get("/desk").status_code == 303
    assert browser.sign_in("wang", PASSWORD + "-neu") == 303
    set_active(site.node.store, "wang", False)
    assert browser.client.get("/desk").status_code == 303
    assert browser.sign_in("wang", PASSWORD + "-neu") == 401


@pytest.mark.parametrize(
    ("login", "password", "roles", "desks", "code"),
    [
        ("W", PASSWORD, {Role.REVIEWER}, ("示例局@node",), "login"),
        ("wang", "short", {Role.REVIEWER}, ("示例局@node",), "password"),
        ("wang", PASSWORD, {Role.CLERK}, ("示例局@node",), "roles"),
        ("wang", PASSWORD, set(), ("示例局@node",), "roles"),
        ("wang", PASSWORD, {Role.REVIEWER}, (), "desks"),
        ("wang", PASSWORD, {Role.REVIEWER}, ("示例局@county",), "desks"),
    ],
)
def test_accounts_that_cannot_be(
    site: Site, login: str, password: str, roles: set[Role], desks: tuple[str, ...], code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        add_account(
            site.node.store,
            login=login,
            name="王示例",
            password=password,
            roles=frozenset(roles),
            desks=desks,
        )
    assert refusal.value.code == code


def test_only_pages_of_ours_follow_a_sign_in(site: Site) -> None:
    site.officer("wang", Role.REVIEWER)
    for goal, lands in (
        ("/desk/case/7", "/desk/case/7"),
        ("/machines/window-1", "/machines/window-1"),
        ("//evil.example", "/desk"),
        ("https://x", "/desk"),
    ):
        browser = fresh_browser(site)
        browser.open("/login?next=" + goal)
        data = {**browser.fields("/login"), "login": "wang", "password": PASSWORD, "next": goal}
        assert browser.client.post("/login", data=data).headers["location"] == lands


class SlowHasher:
    """Stands in for Argon2id: counts how many are at work."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = self.all = 0
        self.gate = threading.Event()

    def verify(self, stored: str, password: str) -> bool:
        with self.lock:
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
        self.gate.wait(10.0)
        with self.lock:
            self.now -= 1
        return True


def test_a_crowd_at_the_door_costs_two_verifications(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "WAIT_S", 0.2)
    desk, hasher = SignInDesk(site.node.store, b"s" * 32), SlowHasher()
    monkeypatch.setattr(desk, "_hasher", hasher)

    def attempt(n: int) -> str:
        with pytest.raises(Refusal) as refusal:
            desk.sign_in(f"nobody{n}", "some-password")
        return refusal.value.code

    with ThreadPoolExecutor(20) as pool:
        tries = [pool.submit(attempt, n) for n in range(20)]
        deadline = time.monotonic() + 10.0
        while sum(t.done() for t in tries) < 18 and time.monotonic() < deadline:
            time.sleep(0.01)
        hasher.gate.set()
        codes = [t.result() for t in tries]
    assert sorted(codes) == ["busy"] * 18 + ["wrong_password"] * 2
    assert (hasher.most, hasher.all) == (2, 2)
    assert attempt(0) == "wrong_password", "every turn was given back"
    with site.node.store.read() as conn:
        attempts = conn.exec_driver_sql("SELECT sum(failures) FROM failed_login").scalar()
    assert attempts == 3, "who was sent away has not used up an attempt"


def test_who_finds_no_turn_is_told_to_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "WAIT_S", 0.0)
    site.officer("wang", Role.REVIEWER)
    turn = SignInDesk._turn

    def after_all_others(desk: SignInDesk) -> AbstractContextManager[None]:
        while desk._turns.acquire(blocking=False):
            pass
        return turn(desk)

    monkeypatch.setattr(SignInDesk, "_turn", after_all_others)
    browser = fresh_browser(site)
    assert browser.sign_in("wang") == 429
    assert "请过几秒再试" in browser.html
