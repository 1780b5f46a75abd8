"""Sizes, headers, paths, and pages for what goes wrong."""

import pytest
from sqlalchemy import text

from hall.people.model import Role
from server_app.limits import MAX_FORM_BYTES
from sync.wire import MAX_REQUEST_BYTES
from tests.server_app.site import Browser, Site
from tests.server_app.test_desk_walk import dispatched


def test_pages_allow_nothing_from_outside(site: Site) -> None:
    case = dispatched(site)
    browser = site.officer("wang", Role.REVIEWER, Role.APPROVER)
    browser.act(case, "take")
    for path in ("/login", "/desk", f"/desk/case/{case}", "/board"):
        response = browser.client.get(path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["cache-control"] == "no-store"
        for outside in ("http://", "https://", "<script", "style=", "onclick"):
            assert outside not in response.text, path
    style = browser.client.get("/static/app.css").text
    assert "http" not in style
    assert "--yc-action: #1B5FAA" in style


@pytest.mark.parametrize(
    "path", ["/static/../main.py", "/static/fonts/..%2f..%2fmain.py", "/docs", "/openapi.json"]
)
def test_there_is_nothing_else_to_fetch(site: Site, path: str) -> None:
    assert Browser(site.client(site.node_app)).client.get(path).status_code == 404


def test_bodies_are_bounded(site: Site) -> None:
    client = site.client(site.node_app)
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=b"a" * (MAX_FORM_BYTES + 1), headers=form).status_code == 413
    assert client.post("/v1/push", content=b"a" * (MAX_REQUEST_BYTES + 1)).status_code == 413

    def without_length():  # type: ignore[no-untyped-def]
        for _ in range(MAX_FORM_BYTES // 1000 + 2):
            yield b"a" * 1000

    assert client.post("/login", content=without_length(), headers=form).status_code == 413
    assert client.post("/login", json={"login": "x"}).status_code == 415


def test_the_machine_routes_want_a_signature_before_anything_else(site: Site) -> None:
    client = site.client(site.node_app)
    for method, path in (
        ("POST", "/v1/hello"), ("POST", "/v1/push"), ("GET", "/v1/feed/hall"), ("POST", "/v1/claims"),
        ("GET", "/v1/blobs/" + "ab" * 32), ("POST", "/v1/uploads"), ("POST", "/v1/queue/issue"),
        ("POST", "/v1/papers/number"), ("POST", "/v1/reference/manifest"), ("GET", "/v1/anything"),
    ):  # fmt: skip
        assert client.request(method, path, content=b"{").status_code in (400, 401), path


def test_a_broken_disk_is_told_to_a_person_without_a_trace(site: Site) -> None:
    browser = site.officer("wang", Role.REVIEWER)
    site.node.store.write(lambda ledger: ledger.conn.execute(text("DROP TABLE case_file")))
    page = browser.open("/desk")
    assert browser.status == 503
    assert "Traceback" not in page
    assert "case_file" not in page


def test_health_tells_no_more_than_it_must(site: Site) -> None:
    client = site.client(site.centre_app)
    assert client.get("/healthz").json() == {"ok": True, "role": "county", "settled": True}
    assert client.get("/").headers["location"] == "/desk", "the centre has no queue"
    assert client.get("/v1/queue/state").status_code in (400, 401)
