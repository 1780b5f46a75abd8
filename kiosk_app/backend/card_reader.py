"""The ID-card reader at the kiosk. Card data is handed on and kept nowhere here."""

from devices.errors import DeviceError
from devices.id_reader.driver import IdReader, NoCard
from hall.identity.masking import mask_id_number, mask_name
from kiosk_app.ports import IdCard, ReaderFault


class KioskReader:
    """Implements CardReader over a driver that keeps the 300 ms between two looks itself. One thread."""

    def __init__(self, reader: IdReader) -> None:
        self._reader = reader

    def poll(self) -> IdCard | None:
        """Raises ReaderFault, whose text never holds card data."""
        try:
            card = self._reader.read()
        except DeviceError as exc:
            raise ReaderFault(type(exc).__name__) from None
        if isinstance(card, NoCard):
            return None
        shown = f"{mask_name(card.name)} {mask_id_number(card.id_number)}"
        return IdCard(card.name, card.id_number, shown)

    def close(self) -> None:
        self._reader.close()


class NoReader:
    """A machine without a reader: the screen says that it does not answer, people type or choose."""

    def poll(self) -> IdCard | None:
        raise ReaderFault("no reader on this machine")

    def close(self) -> None:
        """Nothing to give free."""
