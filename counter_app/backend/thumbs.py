"""Pictures of captured pages: small ones for strips and lists, kept in memory only, and large ones to be read."""

import threading
from collections import OrderedDict

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage

from hall.journal.blobs import BlobStore
from hall.journal.ledger import Ledger
from hall.journal.refusal import Refusal, StoreFault
from hall.journal.sealing import CannotOpen, open_blob
from hall.journal.store import Store

THUMB_PX = 180
MOST = 300


class Thumbs:
    """Thread-safe. A page that is not on this PC has no picture."""

    def __init__(self, store: Store, blobs: BlobStore) -> None:
        self._store = store
        self._blobs = blobs
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, page_id: str, jpeg: bytes) -> bytes:
        """Make and keep the picture of a page just captured. PNG; empty for bytes that are no picture."""
        png = thumbnail(jpeg)
        with self._lock:
            self._kept[page_id] = png
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return png

    def of(self, page_id: str, dossier: str, image: str) -> bytes:
        """The picture of a page of a dossier, from memory or from its sealed file."""
        with self._lock:
            known = self._kept.get(page_id)
        if known is not None:
            return known
        if not self._blobs.has(image):
            return b""
        try:
            jpeg = self._plain(dossier, image)
        except (CannotOpen, Refusal, StoreFault):
            return b""
        return self.remember(page_id, jpeg)

    def large(self, dossier: str, image: str, width_px: int) -> bytes:
        """The page as PNG, at most `width_px` wide; not kept. Raises Refusal and StoreFault."""
        if not image or not self._blobs.has(image):
            raise Refusal("page_elsewhere", "这一页的图像不在本机：是在别的窗口拍的，或者已经删掉。")
        try:
            jpeg = self._plain(dossier, image)
        except CannotOpen as exc:
            raise Refusal("page_sealed", "这一页在本机打不开。") from exc
        return _narrowed(jpeg, width_px)

    def _plain(self, dossier: str, image: str) -> bytes:
        def key(ledger: Ledger) -> bytes:
            return ledger.data_key(dossier)

        return open_blob(self._store.write(key), self._blobs.open(image))


def thumbnail(jpeg: bytes) -> bytes:
    image = QImage.fromData(jpeg)
    if image.isNull():
        return b""
    return _png(image.scaledToHeight(THUMB_PX, Qt.TransformationMode.SmoothTransformation))


def _narrowed(jpeg: bytes, width_px: int) -> bytes:
    """Raises Refusal for bytes that are no picture."""
    image = QImage.fromData(jpeg)
    if image.isNull():
        raise Refusal("page_damaged", "这一页的图像坏了，打不开，请重拍。")
    if image.width() > width_px:
        image = image.scaledToWidth(width_px, Qt.TransformationMode.SmoothTransformation)
    return _png(image)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide6 6.11.3 takes a str here and refuses the bytes that its stub asks for
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
