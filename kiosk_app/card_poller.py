"""Look for an ID card while a page wants one."""

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk_app.ports import CardReader, IdCard
from ui.runner import Runner

log = logging.getLogger(__name__)

POLL_MS = 400


class CardPoller(QObject):
    """Polls the reader on its own runner between start() and stop(); never two polls at once.

    A card that was read and still lies there does not count again until the reader was seen without it, or
    forget() was called: otherwise 返回 would lead straight back to the answer that the person is leaving.

    Signals:
        card_read: an IdCard; polling has stopped.
        fault_changed: bool, True while the reader does not answer.
    """

    card_read = Signal(object)
    fault_changed = Signal(bool)

    def __init__(self, *, reader: CardReader, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._runner = runner
        self._wanted = False
        self._asking = False
        self._faulty = False
        self._lying: IdCard | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        """Begin to look; safe to repeat."""
        if not self._wanted:
            self._wanted = True
            self._timer.start()

    def stop(self) -> None:
        """Look no more; a card that is just being read is dropped."""
        self._wanted = False
        self._timer.stop()

    def forget(self) -> None:
        """The person has left: whatever lies on the reader counts as new."""
        self._lying = None

    def _poll(self) -> None:
        if self._wanted and not self._asking:
            self._asking = True
            self._runner.submit(self._reader.poll, self._polled, self._failed)

    def _polled(self, card: IdCard | None) -> None:
        self._asking = False
        self._set_fault(False)
        if card is None:
            self._lying = None
        if not self._wanted:
            return
        if card is None or card == self._lying:
            self._timer.start()
            return
        self._lying = card
        self.stop()
        self.card_read.emit(card)

    def _failed(self, error: Exception) -> None:
        self._asking = False
        if not self._faulty:
            # the type only: a reader's message may carry card data
            log.warning("ID-card reader fault: %s", type(error).__name__)
        self._set_fault(True)
        if self._wanted:
            self._timer.start()

    def _set_fault(self, faulty: bool) -> None:
        if faulty != self._faulty:
            self._faulty = faulty
            self.fault_changed.emit(faulty)
