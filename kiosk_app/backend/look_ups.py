"""Progress and late ratings: asked of the node each time; the kiosk holds no case data."""

from typing import Annotated
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hall.calendar.opening import business_day
from hall.identity.id_number import IdNumberRefused, read_id_number
from hall.papers.numbering import NumberingRefused, read_case_number
from kiosk_app.backend.bench import KioskBench, answering
from kiosk_app.ports import (
    HallUnreachable,
    ProgressQuery,
    ProgressRow,
    ProgressStage,
    RateableService,
    RateRequest,
    Refused,
)

PROGRESS_PATH = "/v1/progress"
FIND_PATH = "/v1/ratings/late/find"
RATE_PATH = "/v1/ratings/late"
MOST_ROWS = 50

_Text = Annotated[str, StringConstraints(max_length=400)]
_W, _R, _Y = ProgressStage.WAITING, ProgressStage.RUNNING, ProgressStage.YOUR_TURN
_STAGES = {
    "received": (_W, "材料已收下，五个工作日内告知是否受理，您不用做什么"),
    "precheck": (_W, "部门正在初审，您不用做什么"),
    "correction": (_Y, "请按补正告知书补交材料，可到任意综合窗口"),
    "accepted": (_R, "已经受理，正在转办部门，您不用做什么"),
    "dispatched": (_R, "已转到办理部门，您不用做什么"),
    "reviewing": (_R, "部门正在审查，您不用做什么"),
    "suspended": (_R, "正在听证、检验、鉴定等特别程序中，所需时间不计入办理期限"),
    "sent_up": (_R, "已转报上级部门，您不用做什么"),
    "forwarded": (_R, "已转办，您不用做什么"),
    "granted": (_R, "已经准予，正在制作结果"),
    "result_ready": (_Y, "请带身份证到出件窗口领取"),
    "delivered": (ProgressStage.DONE, "结果已经领取"),
    "archived": (ProgressStage.DONE, "已经办完归档"),
    "withdrawn": (ProgressStage.DONE, "已按您的申请撤回"),
    "denied": (ProgressStage.REFUSED, "正在制作决定书，决定书写明理由和救济途径"),
    "not_accepted": (ProgressStage.REFUSED, "决定书写明了理由和救济途径，请到窗口领取"),
    "refused_unneeded": (ProgressStage.REFUSED, "这件事依法不需要办理，告知书写明了理由"),
    "terminated": (ProgressStage.REFUSED, "已终止办理，可以重新申请"),
    "voided": (ProgressStage.REFUSED, "已作废，请到窗口询问"),
}
_CITIZENS_WORDS = {"result_ready": "已办好，可以领取", "delivered": "已领取"}
"""Where the hall's own word for a state means little outside of it (出件)."""
_UNKNOWN = (_R, "请到窗口询问")


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Row(_Told):
    case_no: _Text
    item: _Text
    state: _Text
    state_text: _Text
    masked_name: _Text = ""
    due: _Text | None = None
    where: _Text | None = None
    handed: _Text | None = None
    """「已于11月23日在98号窗口领走」: when and where the result was fetched."""


class _Rows(_Told):
    rows: Annotated[tuple[_Row, ...], Field(max_length=MOST_ROWS)]


class _Service(_Told):
    rating: _Text
    item: _Text
    window: _Text = ""
    served: _Text = ""


class _Services(_Told):
    services: Annotated[tuple[_Service, ...], Field(max_length=MOST_ROWS)]


class LookUps:
    """Nothing asked or answered stays here. Any thread."""

    def __init__(self, bench: KioskBench) -> None:
        self._bench = bench

    @answering
    def progress(self, query: ProgressQuery) -> tuple[ProgressRow, ...]:
        """Raises Refused for what can be neither a case number nor an ID number, HallUnreachable."""
        told = self._bench.up.call(PROGRESS_PATH, {"request_id": str(uuid4()), **self._asked(query)})
        try:
            rows = _Rows.model_validate(told).rows
        except ValidationError:
            # `from None`: the error would quote the rows
            raise HallUnreachable("unreadable answer") from None
        return tuple(_progress_row(row) for row in rows)

    @answering
    def services_to_rate(self, query: ProgressQuery) -> tuple[RateableService, ...]:
        told = self._bench.up.call(FIND_PATH, {"request_id": str(uuid4()), **self._asked(query)})
        try:
            found = _Services.model_validate(told).services
        except ValidationError:
            raise HallUnreachable("unreadable answer") from None
        return tuple(RateableService(s.rating, s.item, s.window, s.served) for s in found)

    @answering
    def rate(self, request: RateRequest) -> None:
        """level: "5" (very satisfied) … "1"; safe to repeat with the same request_id."""
        if request.level not in ("1", "2", "3", "4", "5"):
            raise Refused("请选择一个满意度。")
        body = {
            "command_id": str(request.request_id),
            "rating": request.service_id,
            "level": int(request.level),
            "reasons": [str(code) for code in request.reasons],
            "anonymous": request.anonymous,
        }
        self._bench.up.call(RATE_PATH, body)

    def _asked(self, query: ProgressQuery) -> dict[str, str]:
        """Checked before anything leaves the machine; a wrong digit is told at once."""
        if query.id_number:
            try:
                today = business_day(self._bench.now())
                return {"cert_no": read_id_number(query.id_number, today=today).text}
            except IdNumberRefused as refused:
                raise Refused(f"{refused.problem.value}。") from None
        try:
            read_case_number(query.code)
        except NumberingRefused as refused:
            raise Refused(f"{refused}。编号在受理通知书或收件凭证的二维码下面。") from None
        return {"case_no": query.code}


def _progress_row(row: _Row) -> ProgressRow:
    stage, next_step = _STAGES.get(row.state, _UNKNOWN)
    if row.state == "delivered" and row.handed:
        next_step = row.handed
    if row.where and stage is _R:
        next_step = f"{row.where}：{next_step}"
    due = ""
    if row.due and stage in (_W, _R):
        due = f"最晚 {row.due} 办完"
    elif row.due and row.state == "correction":
        due = f"请在 {row.due} 前补交"
    words = _CITIZENS_WORDS.get(row.state, row.state_text)
    return ProgressRow(row.case_no, row.item, row.masked_name, stage, words, next_step, due)
