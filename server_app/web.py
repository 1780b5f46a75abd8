"""What all pages share: templates, cookies, forms, words for errors."""

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from hall.papers.wording import chinese_date
from server_app.accounts.signing_in import SignedIn, SignInDesk
from ui.tokens import counter_theme, css_variables

SESSION = "yc_session"
MAX_FIELDS = 300


@dataclass(frozen=True, slots=True)
class Look:
    """What every page says about where it is."""

    place: str
    """Name of the hall or of the centre."""
    role: str


class Web:
    """Renders pages and knows who asks. Built once."""

    def __init__(self, look: Look, sign_in: SignInDesk, resources: Path, *, https: bool = False) -> None:
        """`https`: a proxy before this machine ends TLS, so requests arrive here as plain http."""
        self._https = https
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters["zh_day"] = chinese_date
        self._look = look
        self.sign_in = sign_in
        self._style = css_variables(counter_theme()) + (resources / "web" / "app.css").read_text("utf-8")
        self._fonts = resources / "fonts"

    def page(
        self, name: str, *, who: SignedIn | None = None, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page that no cache keeps."""
        text = self._env.get_template(name).render(
            look=self._look, who=None if who is None else who.officer, csrf="" if who is None else who.csrf,
            **values,
        )  # fmt: skip
        return HTMLResponse(text, status, {"cache-control": "no-store"})

    def trouble(self, status: int, text: str, who: SignedIn | None = None) -> HTMLResponse:
        return self.page("trouble.html", who=who, status=status, text=text)

    def who(self, request: Request) -> SignedIn | None:
        """Blocking."""
        cookie = request.cookies.get(SESSION)
        return None if cookie is None else self.sign_in.session(cookie)

    def secure(self, request: Request) -> bool:
        """Whether a cookie set now may travel by https only."""
        return self._https or request.url.scheme == "https"

    def style(self) -> Response:
        return Response(
            self._style, media_type="text/css; charset=utf-8", headers={"cache-control": "max-age=300"}
        )

    def font(self, name: str) -> Path | None:
        """A font of the project, or None."""
        known = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoNaskhArabic-Regular.ttf")
        return self._fonts / name if name in known else None


async def read_form(request: Request) -> dict[str, str]:
    """Text fields only; the first of each name. Raises HTTPException."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    except ClientDisconnect as exc:
        raise HTTPException(400) from exc
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            fields.setdefault(name, value)
    return fields


def same_text(given: str, expected: str) -> bool:
    """Compares secrets in constant time."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
