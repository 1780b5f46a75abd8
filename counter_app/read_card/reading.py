"""One read of an ID card at a time, with the words for what can happen. No widgets."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from counter_app.commands import notice_of
from counter_app.device_ports import CardData, IdReader
from ui.notice import Notice
from ui.runner import Runner
from ui.tokens import Tone

_TIMEOUT_S = 15.0


class CardReading:
    """`on_notice` gets what to show, `on_card` the card; an answer after `forget()` is dropped."""

    def __init__(
        self,
        *,
        reader: IdReader,
        runner: Runner,
        on_card: Callable[[CardData], None],
        on_notice: Callable[[Notice], None],
    ) -> None:
        self._reader = reader
        self._runner = runner
        self._on_card = on_card
        self._on_notice = on_notice
        self._number = 0
        self.active = False

    def press(self) -> None:
        """Ignored while a read is on."""
        if self.active:
            return
        self.active = True
        self._number += 1
        number = self._number
        self._on_notice(Notice(_tr("请把身份证放在读卡器上。")))
        self._runner.submit(
            lambda: self._reader.read(_TIMEOUT_S),
            lambda card: self._done(number, card),
            lambda error: self._failed(number, error),
        )

    def forget(self) -> None:
        """The page it was for is gone."""
        self._number += 1
        self.active = False

    def _done(self, number: int, card: CardData | None) -> None:
        if number != self._number:
            return
        self.active = False
        if card is None:
            self._on_notice(Notice(_tr("没有读到卡。可再按 Ctrl+I 读一次，或手工录入。"), Tone.ATTENTION))
            return
        self._on_card(card)
        if card.expired:
            text = _tr("已读卡。证件已于 %1 到期，请核实。").replace("%1", card.valid_to)
            self._on_notice(Notice(text, Tone.ATTENTION))
        else:
            self._on_notice(Notice(_tr("已读卡，请与本人核对。"), Tone.DONE))

    def _failed(self, number: int, error: Exception) -> None:
        if number == self._number:
            self.active = False
            self._on_notice(notice_of(error))


def _tr(text: str) -> str:
    return QCoreApplication.translate("CardReading", text)
