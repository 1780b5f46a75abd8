"""Pages between the shutter and the case: sealed on this PC's disk at once, bound to a dossier later."""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from hall.intake.commands import PageFacts
from hall.journal.blobs import BlobStore, disk_fault
from hall.journal.ids import new_id
from hall.journal.refusal import Refusal
from hall.journal.sealing import CannotOpen, open_blob, seal_blob

_NAME = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class StagedPage:
    """A captured page that no case has yet."""

    jpeg: bytes
    width_px: int
    height_px: int
    dpi: int
    device: str


class PageTray:
    """Sealed with a key derived from the database key; a crash between shutter and case loses nothing."""

    def __init__(self, folder: Path, db_key: bytes, room: Callable[[], None] = lambda: None) -> None:
        """`room` raises Refusal where the disk has none for a page."""
        self._room = room
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = hashlib.sha256(b"yichuang page tray" + db_key).digest()

    def put(self, page: StagedPage) -> str:
        """Keep a page; returns its id once it is on the disk. Raises Refusal, StoreFault."""
        self._room()
        page_id = new_id()
        head = json.dumps({k: v for k, v in asdict(page).items() if k != "jpeg"}).encode()
        sealed = seal_blob(self._key, len(head).to_bytes(4, "big") + head + page.jpeg)
        draft = self._folder / (page_id + ".new")
        try:
            with draft.open("wb") as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, self._folder / page_id)
        except OSError as exc:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)  # half a page would hold room that the disk lacks
            raise disk_fault(exc) from exc
        return page_id

    def get(self, page_id: str) -> StagedPage:
        """Raises Refusal when there is no such page (any more)."""
        if not _NAME.fullmatch(page_id):
            raise Refusal("page_unknown", "没有这一页，请重拍。")
        try:
            plain = open_blob(self._key, (self._folder / page_id).read_bytes())
            size = int.from_bytes(plain[:4], "big")
            return StagedPage(jpeg=plain[4 + size :], **json.loads(plain[4 : 4 + size]))
        except (OSError, CannotOpen, ValueError, TypeError) as exc:
            raise Refusal("page_unknown", "这一页没有保存完整，请重拍。") from exc

    def drop(self, page_id: str) -> None:
        """After the case has it."""
        if _NAME.fullmatch(page_id):
            (self._folder / page_id).unlink(missing_ok=True)

    def bind(self, page_id: str, data_key: bytes, blobs: BlobStore) -> PageFacts:
        """Seal the page for a dossier and keep it as a blob. Safe to repeat."""
        page = self.get(page_id)
        image = blobs.put(seal_blob(data_key, page.jpeg))
        return PageFacts(
            page=page_id,
            image=image,
            plain_sha256=hashlib.sha256(page.jpeg).hexdigest(),
            width_px=page.width_px,
            height_px=page.height_px,
            dpi=page.dpi,
            device=page.device,
        )
