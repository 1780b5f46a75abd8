"""A hall, a printer and a reader that work, in memory. All names and numbers are invented."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kiosk_app.ports import (
    AlertKind,
    Booking,
    DisplaySnapshot,
    Guide,
    GuideBlock,
    HallUnreachable,
    IdCard,
    IssuedTicket,
    IssueRequest,
    LinkState,
    MaterialLine,
    Matter,
    PickUpPlace,
    PriorityGroup,
    ProgressQuery,
    ProgressRow,
    ProgressStage,
    Question,
    RateableService,
    RateRequest,
    ReaderFault,
    Refused,
    Slip,
    SlipState,
    StaffAlert,
    Zone,
)

NOON = datetime(2026, 11, 23, 12, 0)
CARD = IdCard("王小明", "652301199001010011", "王*明 6523**********0011")

ZONES = (
    Zone("1", "综合受理专区", 12, 25, 4),
    Zone("2", "不动产登记专区", 0, 0, 2),
    Zone("3", "社保医保专区", 31, 60, 3),
)
BIRTH = Matter("birth", "新生儿出生“一件事”", "1", "综合受理专区", sample=True)
HUKOU = Matter("hukou", "户口迁移", "1", "综合受理专区")
HOUSE = Matter(
    "house",
    "国有建设用地使用权及房屋所有权转移登记（买卖二手房并联动办理水、电、气、网络过户）",
    "2",
    "不动产登记专区",
)
PASSPORT = Matter("passport", "普通护照签发", "", "", elsewhere="公安局出入境大厅（文化东路 8 号）")

GUIDES = {
    BIRTH.item_id: Guide(
        BIRTH,
        (
            MaterialLine("父母双方居民身份证", 2, 1),
            MaterialLine("居民户口簿", 1, 1),
            MaterialLine("出生医学证明", 1, note="由接生医院签发"),
            MaterialLine("预防接种证", 1, can_follow=True),
        ),
        (
            GuideBlock("办理依据", "《中华人民共和国户口登记条例》第七条"),
            GuideBlock("办理时限", "5 个工作日"),
            GuideBlock("收费标准", "不收费"),
        ),
    ),
    HUKOU.item_id: Guide(HUKOU, (MaterialLine("居民身份证", 1),)),
    HOUSE.item_id: Guide(
        HOUSE,
        tuple(MaterialLine(f"不动产登记申请材料之{n}（含附件及相关证明文件）", 1, 2) for n in range(1, 10)),
    ),
    PASSPORT.item_id: Guide(PASSPORT, (MaterialLine("居民身份证", 1),)),
}
QUESTIONS = (
    Question("给孩子上户口", "baby-carriage", ("birth",)),
    Question("迁户口", "home", ("hukou",)),
    Question("买卖房子", "building", ("house",)),
    Question("办护照", "id-badge-2", ("passport",)),
    Question("户口和房子", "users-group", ("hukou", "house")),
    Question("看病报销", "stethoscope", ("hukou",)),
)
GROUPS = tuple(
    PriorityGroup(key, text)
    for key, text in (
        ("elder", "老年人"),
        ("soldier", "军人"),
        ("disabled", "残疾人"),
        ("pregnant", "孕妇"),
        ("rescue", "应急救援人员"),
    )
)
ROWS = (
    ProgressRow(
        "652301012026112300101",
        BIRTH.name,
        "买**·吐",
        ProgressStage.RUNNING,
        "正在审核",
        "卫健委正在核对出生信息，您不用做什么",
        "最晚 11 月 27 日办完",
    ),
    ProgressRow(
        "652301012026112000078",
        HOUSE.name,
        "王*明",
        ProgressStage.YOUR_TURN,
        "请您补正材料",
        "请补交契税完税凭证，可到任意综合窗口",
        "补正截止 12 月 1 日",
    ),
)
SERVICE = RateableService("s1", "户口迁移", "3 号窗口", "11 月 20 日 10:24 办理")


@dataclass
class MemoryHall:
    """Issues numbers once a request id; counts what it was asked."""

    away: bool = False
    clock_off: str = ""
    voided: str = ""
    unreachable: bool = False
    broken: bool = False
    refuse_issue: str = ""
    bookings_unreachable: bool = False
    staff_reachable: bool = True
    bookings: dict[str, Booking] = field(default_factory=dict)
    questions_now: tuple[Question, ...] = QUESTIONS
    every: tuple[Matter, ...] = (BIRTH, HUKOU, HOUSE, PASSPORT)
    rows: tuple[ProgressRow, ...] = ROWS
    services: tuple[RateableService, ...] = (SERVICE,)
    tickets: dict[UUID, IssuedTicket] = field(default_factory=dict)
    requests: list[IssueRequest] = field(default_factory=list)
    ratings: dict[UUID, RateRequest] = field(default_factory=dict)
    alerts: list[StaffAlert] = field(default_factory=list)
    queries: list[ProgressQuery] = field(default_factory=list)

    def _check(self) -> None:
        if self.broken:
            raise RuntimeError("bug for 652301199001010011")
        if self.unreachable:
            raise HallUnreachable("node")

    def questions(self) -> tuple[Question, ...]:
        self._check()
        return self.questions_now

    def matters(self, zone_no: str = "") -> tuple[Matter, ...]:
        self._check()
        return tuple(m for m in self.every if not zone_no or m.zone_no == zone_no)

    def zones(self) -> tuple[Zone, ...]:
        self._check()
        return ZONES

    def priority_groups(self) -> tuple[PriorityGroup, ...]:
        return GROUPS

    def guide(self, item_id: str) -> Guide:
        self._check()
        return GUIDES[item_id]

    def booking(self, card: IdCard) -> Booking | None:
        self._check()
        if self.bookings_unreachable:
            raise HallUnreachable("node")
        return self.bookings.get(card.id_number)

    def issue(self, request: IssueRequest) -> IssuedTicket:
        self.requests.append(request)
        if self.refuse_issue:
            raise Refused(self.refuse_issue)
        self._check()
        if request.request_id not in self.tickets:
            series = "K" if self.away else "A"
            number = f"{series}{len(self.tickets) + 17:03d}"
            zone = next(z for z in ZONES if z.no == (request.zone_no or "1"))
            item = GUIDES[request.item_id].matter.name if request.item_id else ""
            item = "交补正材料" if request.corrects else item
            group = next((g.text for g in GROUPS if g.key == request.priority), "")
            self.tickets[request.request_id] = IssuedTicket(
                number, zone.name, f"T{number}X", NOON, "A 区等候椅", item,
                None if self.away else zone.waiting, None if self.away else zone.wait_minutes,
                self.away, "综合受理专区 2 号窗口前" if self.away else "", group,
            )  # fmt: skip
        return self.tickets[request.request_id]

    def progress(self, query: ProgressQuery) -> tuple[ProgressRow, ...]:
        self.queries.append(query)
        self._check()
        return self.rows

    def services_to_rate(self, query: ProgressQuery) -> tuple[RateableService, ...]:
        self.queries.append(query)
        self._check()
        return self.services

    def rate(self, request: RateRequest) -> None:
        self._check()
        if any(
            r.service_id == request.service_id and k != request.request_id for k, r in self.ratings.items()
        ):
            raise Refused("这次服务已经评价过了，每次服务评价一次。")
        self.ratings[request.request_id] = request

    def pick_up_place(self) -> PickUpPlace:
        self._check()
        return PickUpPlace(
            "出件窗口（1 号）",
            "一楼东侧，进门右手边",
            "工作日 10:00—13:30，15:30—19:00",
            ("居民身份证", "受理凭证"),
        )

    def alert(self, alert: StaffAlert) -> None:
        if not self.staff_reachable:
            raise HallUnreachable("node")
        self.alerts.append(alert)

    def link(self) -> LinkState:
        up = not (self.away or self.unreachable)
        return LinkState(hall=up, age_s=0, clock_off=self.clock_off, voided=self.voided)

    def told_of(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts]


@dataclass
class PaperPrinter:
    """Prints onto a list; `next_state` is what the printer will say."""

    next_state: SlipState = SlipState.PRINTED
    explode: bool = False
    slips: list[Slip] = field(default_factory=list)

    def print(self, slip: Slip) -> SlipState:
        if self.explode:
            raise OSError("cable")
        if self.next_state in (SlipState.PRINTED, SlipState.UNCONFIRMED):
            self.slips.append(slip)
        return self.next_state


@dataclass
class DeskReader:
    """A card that lies on the reader, or none."""

    card: IdCard | None = None
    faulty: bool = False

    def poll(self) -> IdCard | None:
        if self.faulty:
            raise ReaderFault("no answer")
        return self.card


@dataclass
class Speech:
    """Remembers what was said."""

    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)


@dataclass
class Clock:
    """Monotonic seconds that move when told."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class MemoryQueue:
    """The queue as a display hears it."""

    snap: DisplaySnapshot
    silent: bool = False

    def snapshot(self) -> DisplaySnapshot:
        if self.silent:
            raise HallUnreachable("node")
        return self.snap
