"""/login and /logout."""

import secrets

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool

from hall.journal.refusal import Refusal
from server_app.accounts.signing_in import LIFE_MS
from server_app.web import SESSION, Web, read_form, same_text

BEFORE = "yc_before"
FORM_LIFE_S = 3600


def add_sign_in_routes(app: FastAPI, web: Web, secret: bytes) -> None:
    forms = URLSafeTimedSerializer(secret, salt="yichuang sign-in form")

    def form(request: Request, goal: str, login: str = "", problem: str = "", status: int = 200) -> Response:
        """The form works only in the browser that got it: a cookie and a hidden field name the same nonce."""
        nonce = secrets.token_urlsafe(16)
        page = web.page(
            "login.html", status=status, token=forms.dumps(nonce), goal=goal, login=login, problem=problem
        )
        page.set_cookie(
            BEFORE, nonce, httponly=True, samesite="strict", path="/login", max_age=FORM_LIFE_S,
            secure=web.secure(request),
        )  # fmt: skip
        return page

    @app.get("/login", include_in_schema=False)
    async def login_page(request: Request) -> Response:
        return form(request, goal_of(request.query_params.get("next", "")))

    @app.post("/login", include_in_schema=False)
    async def login(request: Request) -> Response:
        fields = await read_form(request)
        goal, name = goal_of(fields.get("next", "")), fields.get("login", "")[:64]
        try:
            nonce = str(forms.loads(fields.get("token", ""), max_age=FORM_LIFE_S))
        except BadSignature:
            nonce = ""
        if not same_text(request.cookies.get(BEFORE, ""), nonce):
            return form(request, goal, name, "页面已过期，请再登录一次。", 403)
        try:
            cookie = await run_in_threadpool(web.sign_in.sign_in, name, fields.get("password", ""))
        except Refusal as exc:
            return form(request, goal, name, exc.text, 429 if exc.code in ("locked", "busy") else 401)
        answer = RedirectResponse(goal, 303)
        answer.set_cookie(
            SESSION, cookie, httponly=True, samesite="strict", path="/", max_age=LIFE_MS // 1000,
            secure=web.secure(request),
        )  # fmt: skip
        answer.delete_cookie(BEFORE, path="/login", secure=web.secure(request))
        return answer

    @app.post("/logout", include_in_schema=False)
    async def logout(request: Request) -> Response:
        fields = await read_form(request)
        who = await run_in_threadpool(web.who, request)
        if who is not None:
            if not same_text(fields.get("csrf", ""), who.csrf):
                return web.trouble(403, "页面已过期，请返回后再试。")
            await run_in_threadpool(web.sign_in.sign_out, request.cookies.get(SESSION, ""))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(SESSION, path="/", secure=web.secure(request))
        return answer


def goal_of(text: str) -> str:
    """A page of ours after signing in; anything else leads to the desk."""
    plain = text.isascii() and text.isprintable() and "\\" not in text and "//" not in text
    return text if plain and (text == "/board" or text.startswith(("/desk", "/machines"))) else "/desk"
