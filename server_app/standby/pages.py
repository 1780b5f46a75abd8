"""Pages of a node that does not serve: they would show, and take, what nobody answers for."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PAGES_ZH = "这台机器现在不是大厅节点：部门办件和大屏请打开正在服务的那一台；窗口和自助机会自动连过去。"
_ALWAYS = ("/v1/", "/healthz", "/static/", "/machine/")


class PagesWhileServing:
    """Everything but machines' requests is answered by `instead` while it gives an answer."""

    def __init__(self, app: ASGIApp, instead: Callable[[], Response | None]) -> None:
        self._app = app
        self._instead = instead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = None
        if scope["type"] == "http" and not scope["path"].startswith(_ALWAYS):
            page = self._instead()
        await (self._app if page is None else page)(scope, receive, send)
