"""The officer without a browser: links followed, forms posted as a browser would post them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from yichuang.browser import FormOfficer, PageFault

DESK = """<html><body><h1>待办</h1>
<form action="/leave" method="post"><input type="hidden" name="csrf" value="c0"><button>退出</button></form>
<a href="case/7?from=desk">示例经营许可 <b>办件</b></a>
</body></html>"""

CASE = """<html><body>
<form action="/decide" method="post">
  <input type="hidden" name="csrf" value="c1">
  <input name="opinion" value="原有">
  <textarea name="note">旧</textarea>
  <select name="kind"><option value="a">甲</option><option value="b" selected>乙</option></select>
  <select name="way"><option value="w1">窗口</option><option value="w2">邮寄</option></select>
  <input type="radio" name="answer" value="deny">
  <input type="radio" name="answer" value="grant" checked>
  <input type="checkbox" name="urgent" value="yes">
  <input type="submit" value="not a button element">
  <button name="act" value="save">保存</button>
  <button name="act" value="grant">准予</button>
</form>
<form method="post"><input name="other" value="o"><button>留在本页</button></form>
</body></html>"""


class Site:
    """A tiny server that remembers what was posted."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, list[str]]]] = []
        self.reads = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.reads += 1
                late = f"<p>第{site.reads}次</p>"
                self._answer((CASE if self.path.startswith("/desk/case") else DESK) + late)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                site.posts.append((self.path, parse_qs(body, keep_blank_values=True)))
                self._answer("<p>已保存</p>")

            def _answer(self, text: str) -> None:
                data = text.encode()
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/desk/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture
def officer(site: Site) -> Iterator[FormOfficer]:
    one = FormOfficer()
    one.open(site.url)
    yield one
    one.close()


def test_a_link_is_followed_from_where_it_stands(officer: FormOfficer) -> None:
    officer.press("办件")
    assert officer.sees('action="/decide"')


def test_a_form_is_posted_with_its_hidden_fields_and_the_pressed_button(
    officer: FormOfficer, site: Site
) -> None:
    officer.press("办件")
    officer.fill("opinion", "同意")
    officer.press("准予")
    path, fields = site.posts[-1]
    assert path == "/decide"
    assert fields["csrf"] == ["c1"]
    assert fields["opinion"] == ["同意"]
    assert fields["act"] == ["grant"]
    assert officer.sees("已保存")


def test_only_a_checked_choice_is_sent(officer: FormOfficer, site: Site) -> None:
    officer.press("办件")
    officer.press("保存")
    fields = site.posts[-1][1]
    assert fields["answer"] == ["grant"]
    assert "urgent" not in fields
    assert fields["act"] == ["save"]


def test_another_choice_can_be_made(officer: FormOfficer, site: Site) -> None:
    officer.press("办件")
    officer.fill("answer", "deny")
    officer.press("保存")
    assert site.posts[-1][1]["answer"] == ["deny"]


def test_untouched_words_in_a_large_field_are_kept(officer: FormOfficer, site: Site) -> None:
    officer.press("办件")
    officer.press("保存")
    assert site.posts[-1][1]["note"] == ["旧"]


def test_a_list_sends_its_marked_line_or_else_its_first(officer: FormOfficer, site: Site) -> None:
    officer.press("办件")
    officer.press("保存")
    fields = site.posts[-1][1]
    assert (fields["kind"], fields["way"]) == (["b"], ["w1"])
    officer.open(site.url)
    officer.press("办件")
    officer.fill("way", "w2")
    officer.press("保存")
    assert site.posts[-1][1]["way"] == ["w2"]


def test_a_form_without_an_address_goes_to_its_own_page(officer: FormOfficer, site: Site) -> None:
    officer.press("办件")
    officer.fill("opinion", "不属于这个表单")
    officer.press("留在本页")
    path, fields = site.posts[-1]
    assert path.startswith("/desk/case/7")
    assert fields == {"other": ["o"]}


def test_what_is_not_on_the_page_is_a_fault(officer: FormOfficer) -> None:
    with pytest.raises(PageFault, match="没有的按钮"):
        officer.press("没有的按钮")
    with pytest.raises(PageFault, match="nothing"):
        officer.fill("nothing", "x")


def test_a_text_that_comes_later_is_waited_for(officer: FormOfficer, site: Site) -> None:
    officer.see("第3次", timeout_s=20)
    assert site.reads >= 3


def test_waiting_in_vain_says_what_the_page_shows(officer: FormOfficer) -> None:
    with pytest.raises(PageFault, match="待办"):
        officer.see("从来没有", timeout_s=0.0)


def test_a_shot_is_the_page_itself(officer: FormOfficer, tmp_path: Path) -> None:
    made = officer.shot(tmp_path / "desk.png")
    assert made.suffix == ".html"
    assert "待办" in made.read_text(encoding="utf-8")
