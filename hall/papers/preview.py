"""Papers as pictures for a screen. PDFium is not thread-safe, so a Previewer is used by one thread at a
time.
"""

import io
from threading import Lock

import pypdfium2 as pdfium


class PreviewFailed(Exception):
    """The bytes are not a PDF that can be shown, or the page is not in it."""


class Previewer:
    """Renders pages of PDFs. PDFium must not be entered twice at once anywhere in a process: share one
    Previewer.
    """

    def __init__(self) -> None:
        self._lock = Lock()

    def page_count(self, pdf: bytes) -> int:
        """How many pages. Raises PreviewFailed."""
        with self._lock:
            document = _opened(pdf)
            try:
                return len(document)
            finally:
                document.close()

    def png(self, pdf: bytes, page: int, width_px: int) -> bytes:
        """Page `page` (from 0) as PNG, `width_px` wide. Raises PreviewFailed."""
        if not 16 <= width_px <= 8000:
            raise ValueError("width_px must be 16 to 8000")
        with self._lock:
            document = _opened(pdf)
            try:
                if not 0 <= page < len(document):
                    raise PreviewFailed(f"没有第{page + 1}页")
                sheet = document[page]
                bitmap = sheet.render(scale=width_px / sheet.get_width())
                picture = bitmap.to_pil().convert("RGB").copy()
                bitmap.close()
                sheet.close()
            finally:
                document.close()
        target = io.BytesIO()
        picture.save(target, "PNG")
        return target.getvalue()


def _opened(pdf: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as failed:
        raise PreviewFailed("文件无法预览") from failed
