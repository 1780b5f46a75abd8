"""The officer's browser: a real headless Chromium over its debugging pipe, or the same forms over HTTP."""

import base64
import html.parser
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

import httpx2

_NAMES = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
    "--no-proxy-server", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--window-size=1366,900",
)  # fmt: skip
WAIT_S = 15.0


class PageFault(Exception):
    """The page does not show what was expected."""


class Officer(Protocol):
    """A department officer at a browser."""

    kind: str

    def open(self, url: str) -> None: ...

    def fill(self, field: str, value: str) -> None:
        """By the field's name."""

    def press(self, text: str) -> None:
        """The first button or link whose text contains `text`."""

    def see(self, text: str, timeout_s: float = WAIT_S) -> None:
        """Wait until the page, loaded again now and then, shows the text."""

    def sees(self, text: str) -> bool: ...

    def shot(self, path: Path) -> Path:
        """A picture (PNG), or the page itself (HTML) without a browser."""

    def close(self) -> None: ...


def open_officer(profile: Path) -> Officer:
    """Chromium where there is one."""
    found = next((p for n in _NAMES if (p := shutil.which(n)) is not None), None)
    if found is None or os.name == "nt":
        return FormOfficer()
    return ChromiumOfficer(found, profile)


class ChromiumOfficer:
    """Speaks the DevTools protocol over file descriptors 3 and 4. One thread."""

    kind = "chromium"

    def __init__(self, program: str, profile: Path) -> None:
        profile.mkdir(parents=True, exist_ok=True)
        in_read, self._to = os.pipe()
        self._from, out_write = os.pipe()

        def wire() -> None:
            # the child finds the pipe at 3 (it reads) and 4 (it writes)
            first, second = os.dup(in_read), os.dup(out_write)
            os.dup2(first, 3)
            os.dup2(second, 4)
            os.set_inheritable(3, True)
            os.set_inheritable(4, True)

        self._process = subprocess.Popen(
            [program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=wire, close_fds=False,
        )  # fmt: skip
        os.close(in_read)
        os.close(out_write)
        self._rest = b""
        self._no = 0
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)
        self._loaded()

    def fill(self, field: str, value: str) -> None:
        done = self._js(
            f"(()=>{{const e=[...document.getElementsByName({json.dumps(field)})]"
            f".find(e=>e.type!=='hidden');if(!e)return false;e.focus();"
            f"if(e.type==='radio'||e.type==='checkbox'){{const r=[...document.getElementsByName({json.dumps(field)})]"
            f".find(e=>e.value==={json.dumps(value)});if(!r)return false;r.click();return true}}"
            f"e.value={json.dumps(value)};e.dispatchEvent(new Event('input',{{bubbles:true}}));"
            f"e.dispatchEvent(new Event('change',{{bubbles:true}}));return true}})()"
        )
        if not done:
            raise PageFault(f"no field {field}")

    def press(self, text: str) -> None:
        before = self._js("document.documentElement.dataset.seen='1'")
        del before
        found = self._js(
            f"(()=>{{const all=[...document.querySelectorAll('button,a,summary,input[type=submit]')];"
            f"const e=all.find(e=>(e.innerText||e.value||'').trim()==={json.dumps(text)})"
            f"||all.find(e=>(e.innerText||e.value||'').includes({json.dumps(text)}));"
            f"if(!e)return '';const d=e.closest('details');if(d)d.open=true;"
            f"const kind=e.tagName;setTimeout(()=>e.click(),0);return kind}})()"
        )
        if not found:
            raise PageFault(f"no button {text}: {self.text()[:400]}")
        if found != "SUMMARY":
            deadline = time.monotonic() + 5.0
            while (
                time.monotonic() < deadline and self._js("document.documentElement.dataset.seen||''") == "1"
            ):
                time.sleep(0.02)
            self._loaded()

    def see(self, text: str, timeout_s: float = WAIT_S) -> None:
        _see(self.sees, self.reload, self.text, text, timeout_s)

    def sees(self, text: str) -> bool:
        return text in self.text()

    def text(self) -> str:
        return str(self._js("document.body?document.body.innerText:''") or "")

    def reload(self) -> None:
        self._call("Page.reload")
        self._loaded()

    def shot(self, path: Path) -> Path:
        size = self._js("[document.documentElement.scrollWidth,document.documentElement.scrollHeight]")
        width, height = 1366, min(max(int(size[1]), 700), 2400)
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        data = self._call("Page.captureScreenshot", format="png")["data"]
        path = path.with_suffix(".png")
        path.write_bytes(base64.b64decode(data))
        return path

    def close(self) -> None:
        try:
            self._send("Browser.close", {})
            self._process.wait(5.0)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for fd in (self._to, self._from):
            os.close(fd)

    def _loaded(self) -> None:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            if self._js("document.readyState") == "complete":
                return
            time.sleep(0.02)
        raise PageFault("the page does not load")

    def _js(self, code: str) -> Any:
        for _ in range(3):
            try:
                answer = self._call("Runtime.evaluate", expression=code, returnByValue=True)
            except PageFault:
                time.sleep(0.1)  # the page changed under the question
                continue
            return answer.get("result", {}).get("value")
        raise PageFault("the page does not answer")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = self._send(method, params)
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            message = self._receive(deadline)
            if message.get("id") == number:
                if "error" in message:
                    raise PageFault(str(message["error"].get("message")))
                return dict(message.get("result", {}))
        raise PageFault(f"{method}: no answer")

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._no += 1
        message: dict[str, Any] = {"id": self._no, "method": method, "params": params}
        session = getattr(self, "_session", None)
        if session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        return self._no

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if time.monotonic() > deadline:
                raise PageFault("Chromium does not answer")
            piece = os.read(self._from, 1 << 16)
            if not piece:
                raise PageFault("Chromium has ended")
            self._rest += piece
        raw, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(raw))


class FormOfficer:
    """Posts the same forms over HTTP where there is no browser."""

    kind = "http"

    def __init__(self) -> None:
        self._client = httpx2.Client(follow_redirects=True, trust_env=False, timeout=15.0)
        self._url = ""
        self._html = ""
        self._typed: dict[str, str] = {}

    def open(self, url: str) -> None:
        self._take(self._client.get(url))

    def fill(self, field: str, value: str) -> None:
        if f'name="{field}"' not in self._html:
            raise PageFault(f"no field {field}")
        self._typed[field] = value

    def press(self, text: str) -> None:
        page = _Page()
        page.feed(self._html)
        for link, words in page.links:
            if text in words:
                self.open(urljoin(self._url, link))
                return
        for form in page.forms:
            button = next((b for b in form.buttons if text in b[1]), None)
            if button is None:
                continue
            data = dict(form.fields)
            data.update({k: v for k, v in self._typed.items() if k in form.names})
            if button[0]:
                data[button[0]] = button[2]
            self._take(self._client.post(urljoin(self._url, form.action or self._url), data=data))
            return
        raise PageFault(f"no button {text}")

    def see(self, text: str, timeout_s: float = WAIT_S) -> None:
        _see(self.sees, lambda: self.open(self._url), self.text, text, timeout_s)

    def sees(self, text: str) -> bool:
        return text in self._html

    def text(self) -> str:
        return self._html

    def shot(self, path: Path) -> Path:
        path = path.with_suffix(".html")
        path.write_text(self._html, encoding="utf-8")
        return path

    def close(self) -> None:
        self._client.close()

    def _take(self, response: httpx2.Response) -> None:
        self._url, self._html, self._typed = str(response.url), response.text, {}


class _Form:
    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()
        self.buttons: list[tuple[str, str, str]] = []


class _Page(html.parser.HTMLParser):
    """Links and forms of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.forms: list[_Form] = []
        self._link: str | None = None
        self._words = ""
        self._button: tuple[str, str] | None = None
        self._area: str | None = None
        self._choice: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.forms.append(_Form(a.get("action", "")))
        elif tag == "a":
            self._link, self._words = a.get("href", ""), ""
        elif tag == "button":
            self._button, self._words = (a.get("name", ""), a.get("value", "")), ""
        elif tag == "option" and self._choice:
            # a list stands on its first line until another one is marked
            if "selected" in a or self._choice not in self.forms[-1].fields:
                self.forms[-1].fields[self._choice] = a.get("value", "")
        elif tag in ("input", "textarea", "select") and self.forms and a.get("name"):
            form, name = self.forms[-1], a["name"]
            form.names.add(name)
            if tag == "select":
                self._choice = name
            elif tag == "textarea":
                self._area, self._words = name, ""
            elif a.get("type") not in ("radio", "checkbox", "submit") or "checked" in a:
                form.fields.setdefault(name, a.get("value", ""))

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links.append((self._link, self._words))
            self._link = None
        elif tag == "button" and self._button is not None and self.forms:
            self.forms[-1].buttons.append((self._button[0], self._words, self._button[1]))
            self._button = None
        elif tag == "textarea" and self._area is not None and self.forms:
            self.forms[-1].fields[self._area] = self._words
            self._area = None
        elif tag == "select":
            self._choice = None


def _see(
    sees: Callable[[str], bool],
    reload: Callable[[], None],
    text_of: Callable[[], str],
    text: str,
    timeout_s: float,
) -> None:
    deadline = time.monotonic() + timeout_s
    while not sees(text):
        if time.monotonic() > deadline:
            raise PageFault(f"waited in vain for {text!r}; the page shows: {text_of()[:500]}")
        time.sleep(0.15)
        reload()
