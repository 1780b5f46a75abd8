"""Who may open a page, and whether a form is theirs: asked by every route before it does anything."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from hall.journal.refusal import Refusal
from server_app.accounts.officer import Officer
from server_app.accounts.signing_in import SignedIn
from server_app.web import Web, read_form, same_text

OLD_FORM_ZH = "页面已过期，请返回后重新打开再提交。"


class SignedInPages:
    """Runs a page's work off the event loop, for who may; a refusal becomes a page in plain words."""

    def __init__(
        self, web: Web, *, home: str, status_of: Callable[[Refusal], int],
        not_theirs: Callable[[Officer], str] = lambda _: "",
    ) -> None:  # fmt: skip
        """`home`: where who signs in after a form goes. `not_theirs`: why this officer may not, or nothing."""
        self._web, self._home, self._status_of, self._not_theirs = web, home, status_of, not_theirs

    async def show(self, request: Request, work: Callable[[SignedIn], Response]) -> Response:
        def run() -> Response:
            who = self._web.who(request)
            if who is None:
                goal = request.url.path if request.method == "GET" else self._home
                return RedirectResponse(f"/login?next={quote(goal, safe='')}", 303)
            if why := self._not_theirs(who.officer):
                return self._web.trouble(403, why, who)
            try:
                return work(who)
            except Refusal as exc:
                return self._web.trouble(self._status_of(exc), exc.text, who)

        return await run_in_threadpool(run)

    async def take(self, request: Request, work: Callable[[SignedIn, dict[str, str]], Response]) -> Response:
        """A form of ours, with the token of this session."""
        fields = await read_form(request)

        def checked(who: SignedIn) -> Response:
            if not same_text(fields.get("csrf", ""), who.csrf):
                return self._web.trouble(403, OLD_FORM_ZH, who)
            return work(who, fields)

        return await self.show(request, checked)
