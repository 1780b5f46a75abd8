"""Scanned pages for an officer: opened with the dossier's key, never written anywhere in clear."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image
from sqlalchemy import Connection, select

from hall.intake import views as intake
from hall.intake.views import CaseRow, PageRow
from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.refusal import Refusal
from hall.journal.sealing import CannotOpen, open_blob

THUMB_PX = 112
"""Longest side: shows which paper it is, and no number on an ID card can be read."""
MAX_PIXELS = 60_000_000


class NotArrived(Refusal):
    def __init__(self) -> None:
        super().__init__("not_arrived", "图像尚未到达")


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    content_type: str


def page_of(conn: Connection, row: CaseRow, page: str) -> PageRow:
    """A page of the case or of one of its errands. Raises Refusal."""
    dossiers = (row.id, *(e.id for e in intake.errands_of(conn, row.case_no)))
    for dossier in dossiers:
        for found in intake.pages_of(conn, dossier):
            if found.page == page:
                return found
    raise Refusal("page_unknown", "没有这一页。")


def picture(conn: Connection, blobs: BlobStore, row: CaseRow, page: PageRow) -> bytes:
    """The picture as it was taken. Raises NotArrived, Refusal, StoreFault."""
    try:
        sealed = blobs.open(page.image)
    except FileNotFoundError as exc:
        raise NotArrived from exc
    for key in _keys(conn, row, page.image):
        try:
            plain = open_blob(key, sealed)
        except CannotOpen:
            continue
        if hashlib.sha256(plain).hexdigest() == page.plain_sha256:
            return plain
        raise Refusal("page_changed", "图像与拍摄时的摘要不符，不能显示，请联系信息科。")
    raise Refusal("no_key", "本机无权读取这份卷宗的图像。")


def as_picture(plain: bytes, *, thumb: bool) -> Picture:
    """Read as a picture first: nothing else ever reaches the browser. Raises Refusal."""
    try:
        with Image.open(io.BytesIO(plain), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refusal("page_too_large", "图像过大，不能显示。")
            if thumb:
                image.draft("RGB", (THUMB_PX * 2, THUMB_PX * 2))
                image.thumbnail((THUMB_PX, THUMB_PX))
            elif image.format == "JPEG":
                return Picture(plain, "image/jpeg")
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=70 if thumb else 88)
            return Picture(out.getvalue(), "image/jpeg")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise Refusal("page_broken", "图像损坏，不能显示。") from exc


def _keys(conn: Connection, row: CaseRow, digest: str) -> list[bytes]:
    """The picture may have been sealed for the errand that brought it."""
    ref, k = schema.blob_ref.c, schema.dossier_key.c
    owners = [row.id, *conn.scalars(select(ref.dossier).where(ref.digest == digest))]
    owners += [e.id for e in intake.errands_of(conn, row.case_no)]
    found = []
    for dossier in dict.fromkeys(owners):
        key = conn.scalar(select(k.data_key).where(k.dossier == dossier))
        if key is not None:
            found.append(bytes(key))
    return found
