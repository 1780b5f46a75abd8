"""The home page: what most people come for over the whole width, six tiles below it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from kiosk_app.shell.presenter import ShellState
from kiosk_app.view_frame import PageFrame
from kiosk_app.view_paging import PagedTiles
from ui.buttons import TileButton
from ui.notice import Notice
from ui.tokens import Theme, Tone


class HomeView(PageFrame):
    """What a person can do here.

    Signals:
        take_pressed, card_pressed, correction_pressed, guide_pressed, progress_pressed, rate_pressed,
        pick_up_pressed.
    """

    take_pressed = Signal()
    card_pressed = Signal()
    correction_pressed = Signal()
    guide_pressed = Signal()
    progress_pressed = Signal()
    rate_pressed = Signal()
    pick_up_pressed = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("首页"), theme=theme, parent=parent)
        self.set_title(self.tr("您要做什么？"), self.tr("请轻触一项"))
        tiles: list[QWidget] = []
        for text, note, icon, signal in (
            (self.tr("取号办事"), self.tr("先看要带什么"), "ticket", self.take_pressed),
            (self.tr("刷身份证取号"), self.tr("带了身份证，刷一下更快"), "id", self.card_pressed),
            (self.tr("交补正材料"), self.tr("有补正告知书"), "files", self.correction_pressed),
            (self.tr("办事指南"), self.tr("可以打印带走"), "book-2", self.guide_pressed),
            (self.tr("查进度"), self.tr("凭编号或身份证"), "search", self.progress_pressed),
            (self.tr("评价服务"), self.tr("五个工作日内可补评"), "star", self.rate_pressed),
            (self.tr("取件"), self.tr("到哪个窗口领"), "package", self.pick_up_pressed),
        ):
            tile = TileButton(text, icon=icon, note=note, strong=icon == "ticket")
            tile.clicked.connect(signal)
            tiles.append(tile)
        self._tiles = PagedTiles(
            self.tr("首页"), theme=theme, choices=True, columns=(2, 3), fill=True, lead=True, max_row_px=440
        )
        self._tiles.set_tiles(tiles)
        self.body.addWidget(self._tiles, 1)

    @Slot(object)
    def show_shell(self, state: ShellState) -> None:
        """While the hall's node is away, say before the first touch what can be done and what cannot; a wrong clock
        after that; else whose number is void."""
        link = state.link
        text = ""
        if link is not None and link.clock_off:
            text = self.tr("本机时间比大厅{0}，请告诉工作人员校准；取号不受影响。").format(link.clock_off)
        if link is not None and not link.hall and not link.connecting:
            text = self.tr("大厅主机暂时连不上。取号、看指南不受影响；查进度、评价请稍后再来，或到咨询台。")
        if link is not None and link.voided and not text:
            text = f"{link.voided}。"
        self.show_notice(Notice(text, Tone.ATTENTION) if text else None)
