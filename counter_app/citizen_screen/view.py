"""The second monitor. It never takes the focus: the clerk's keys must keep working."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from counter_app.citizen_screen.presenter import CitizenPage, CitizenState
from counter_app.rating.ports import RatingAsked
from counter_app.values import Signature
from counter_app.view_rows import ListRow, RowList
from ui.buttons import BigButton
from ui.labels import WrapLabel
from ui.rating_panel import RatingChoice, RatingLevel, RatingPanel, RatingReason
from ui.signature_pad import SignaturePad
from ui.style_roles import set_role
from ui.style_sheet import build_style_sheet
from ui.tokens import Palette, Theme, Tone

_TYPE_FACTOR = 1.5
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class CitizenWindow(QWidget):
    """Signals:
    right_pressed, wrong_pressed: the confirmation. signed: a Signature or None.
    rated: level, reason codes, anonymous. declined: no rating.
    """

    right_pressed = Signal()
    wrong_pressed = Signal()
    signed = Signal(object)
    rated = Signal(int, object, bool)
    declined = Signal()

    def __init__(self, theme: Theme) -> None:
        """`theme`: the counter's; type is enlarged for someone on the other side of the desk."""
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme = replace(theme, type_factor=_TYPE_FACTOR)
        self._font_px = theme.font_px(theme.type.body)
        font = QFont(self.font())
        font.setPixelSize(self._font_px)
        self.setFont(font)
        self.setStyleSheet(build_style_sheet(theme))
        set_role(self, "page")
        self.setWindowTitle(self.tr("群众屏"))
        self._shown_rating: RatingAsked | None = None
        self._panel: RatingPanel | None = None
        self._title = WrapLabel("", role="title", name=self.tr("群众屏大厅"))
        self._window_text = WrapLabel(
            "", role="title", tone="action", align=Qt.AlignmentFlag.AlignRight, name=self.tr("群众屏窗口")
        )
        head = QFrame()
        set_role(head, "bar")
        row = QHBoxLayout(head)
        row.setContentsMargins(32, 16, 32, 16)
        row.addWidget(self._title, 1)
        row.addWidget(self._window_text, 1)
        self._stack = QStackedWidget()
        self._pages: dict[CitizenPage, QWidget] = {
            CitizenPage.WELCOME: self._welcome_page(),
            CitizenPage.FILING: self._filing_page(theme.palette),
            CitizenPage.SIGN: self._sign_page(),
            CitizenPage.RATE: self._rate_page(),
            CitizenPage.THANKS: self._thanks_page(),
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        # what paints its own text takes the size from its font, not from the sheet
        for painted in (self._lines, self._pad):
            painted.setFont(font)
        for part in self.findChildren(QWidget):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_state(self, state: CitizenState) -> None:
        self._title.setText(state.hall_name)
        self._window_text.setText(state.window_text)
        page = CitizenPage.FILING if state.page is CitizenPage.CONFIRM else state.page
        self._stack.setCurrentWidget(self._pages[page])
        self._number.setText(state.ticket_number)
        self._welcome.setText(
            self.tr("请坐，正在为您办理") if state.ticket_number else self.tr("欢迎，请等候叫号")
        )
        self._show_filing(state)
        if state.page is CitizenPage.SIGN:
            self._sign_title.setText(state.sign_title)
            self._sign_lines.setText("\n".join(state.sign_lines))
        elif not self._pad.is_empty():
            self._pad.clear()
        self._show_rating(state)

    def _show_filing(self, state: CitizenState) -> None:
        filing = state.filing
        asking = state.page is CitizenPage.CONFIRM
        self._filing_title.setText(filing.title)
        self._person.setText(self.tr("申请人：%1").replace("%1", filing.person) if filing.person else "")
        self._person.setVisible(bool(filing.person))
        self._filing_step.setText(self.tr("以上内容对吗？") if asking else filing.step_text)
        rows = tuple(
            ListRow(
                line.label,
                "",
                line.text,
                "circle-check" if line.done else "circle",
                Tone.DONE if line.done else Tone.PLAIN,
            )
            for line in filing.lines
        )
        self._lines.show_rows(rows)
        self._right.setVisible(asking)
        self._wrong.setVisible(asking)

    def _show_rating(self, state: CitizenState) -> None:
        self._rate_hint.setText(state.hint)
        self._rate_hint.setVisible(bool(state.hint))
        asked = state.rating
        if asked is self._shown_rating:
            return
        self._shown_rating = asked
        if self._panel is not None:
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None
        if asked is None:
            return
        levels = tuple(
            RatingLevel(
                str(row.level), row.text, row.icon, tuple(RatingReason(*reason) for reason in row.reasons)
            )
            for row in asked.levels
        )
        self._panel = RatingPanel(levels)
        for part in (self._panel, *self._panel.findChildren(QWidget)):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._panel.submitted.connect(self._on_rated)
        self._rate_room.addWidget(self._panel)

    def _welcome_page(self) -> QWidget:
        page = QWidget()
        self._welcome = WrapLabel("", role="title", align=_CENTRE, name=self.tr("群众屏欢迎"))
        self._number = WrapLabel("", role="number", tone="action", align=_CENTRE, name=self.tr("群众屏号码"))
        column = QVBoxLayout(page)
        column.addStretch(2)
        column.addWidget(self._number)
        column.addWidget(self._welcome)
        column.addStretch(3)
        return page

    def _filing_page(self, palette: Palette) -> QWidget:
        page = QWidget()
        self._filing_title = WrapLabel("", role="title", name=self.tr("群众屏事项"))
        self._person = WrapLabel("", role="lead", name=self.tr("群众屏申请人"))
        self._filing_step = WrapLabel("", role="lead", tone="action", name=self.tr("群众屏进度"))
        self._lines = RowList(self.tr("群众屏材料"), palette)
        self._right = BigButton(
            self.tr("对，没有问题"), icon="check", kind="primary", name=self.tr("群众确认无误")
        )
        self._wrong = BigButton(self.tr("有地方不对"), kind="secondary", name=self.tr("群众说有误"))
        self._right.clicked.connect(self.right_pressed)
        self._wrong.clicked.connect(self.wrong_pressed)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._wrong, 1)
        row.addWidget(self._right, 2)
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(12)
        for part in (self._filing_title, self._person):
            column.addWidget(part)
        column.addWidget(self._lines, 1)
        column.addWidget(self._filing_step)
        column.addLayout(row)
        return page

    def _sign_page(self) -> QWidget:
        page = QWidget()
        self._sign_title = WrapLabel("", role="title", name=self.tr("群众屏签名说明"))
        self._sign_lines = WrapLabel("", role="lead", name=self.tr("群众屏签名内容"))
        self._pad = SignaturePad(name=self.tr("群众签名处"))
        clear = BigButton(self.tr("重写"), icon="eraser", name=self.tr("群众重写签名"))
        leave = BigButton(self.tr("在纸上签"), kind="quiet", name=self.tr("群众改纸上签"))
        done = BigButton(self.tr("签好了"), icon="check", kind="primary", name=self.tr("群众签好了"))
        clear.clicked.connect(self._pad.clear)
        leave.clicked.connect(self._on_leave_signature)
        done.clicked.connect(self._on_signed)
        row = QHBoxLayout()
        row.setSpacing(16)
        for button, stretch in ((leave, 1), (clear, 1), (done, 2)):
            row.addWidget(button, stretch)
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(12)
        column.addWidget(self._sign_title)
        column.addWidget(self._sign_lines)
        column.addWidget(self._pad, 1)
        column.addLayout(row)
        return page

    def _rate_page(self) -> QWidget:
        page = QScrollArea()
        page.setWidgetResizable(True)
        inner = QWidget()
        title = WrapLabel(self.tr("这次服务您满意吗？工作人员看不到是谁评的。"), role="title")
        self._rate_hint = WrapLabel("", role="lead", tone="attention", name=self.tr("群众评价提示"))
        self._rate_room = QVBoxLayout()
        decline = BigButton(self.tr("不评价"), kind="quiet", name=self.tr("群众不评价"))
        decline.clicked.connect(self.declined)
        column = QVBoxLayout(inner)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(self._rate_hint)
        column.addLayout(self._rate_room)
        column.addStretch(1)
        column.addWidget(decline)
        page.setWidget(inner)
        return page

    def _thanks_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(2)
        column.addWidget(
            WrapLabel(
                self.tr("谢谢您，请带好证件和材料"), role="title", align=_CENTRE, name=self.tr("群众屏致谢")
            )
        )
        column.addStretch(3)
        return page

    def _on_signed(self) -> None:
        if self._pad.is_empty():
            return
        strokes = tuple(tuple((p.x, p.y, p.at_ms) for p in stroke) for stroke in self._pad.strokes())
        self.signed.emit(Signature(self._pad.png_bytes(), strokes))

    def _on_leave_signature(self) -> None:
        self.signed.emit(None)

    def _on_rated(self, choice: RatingChoice) -> None:
        self.rated.emit(int(choice.level), choice.reasons, choice.anonymous)
