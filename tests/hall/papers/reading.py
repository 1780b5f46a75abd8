"""Reading papers back, as a person, a scanner and an archive would."""

import ctypes
import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import zxingcpp
from PIL import Image

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


def laid_out_text(pdf: bytes) -> str:
    """The whole text as pdftotext puts it in order by place, which sets right-to-left words right."""
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return squeezed(done.stdout.decode())


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page by pdftotext, without blanks and direction marks, in the order it was set."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    pages = done.stdout.decode().split("\f")[:-1]
    return [squeezed(page) for page in pages]


def squeezed(text: str) -> str:
    """Text without blanks and without the marks that readers put around right-to-left text."""
    return re.sub("[\\s\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def pdfium_text(pdf: bytes) -> str:
    """The whole text as PDFium (Chromium) copies it."""
    document = pdfium.PdfDocument(pdf)
    try:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def picture(pdf: bytes, page: int = 0, scale: float = 2.0) -> Image.Image:
    """A page as seen."""
    document = pdfium.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


def codes(image: Image.Image) -> list[str]:
    """What a scanner of QR and bar codes reads on the page; as Codabar, without check digit, tables give noise."""
    both = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]
    found = zxingcpp.read_barcodes(image, formats=both)
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]


def pdfa_verdict(pdf: bytes) -> str:
    """`pass` when the file is PDF/A-2b."""
    return str(pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b").verdict)


def text_sizes(pdf: bytes) -> dict[str, float]:
    """Each text of the first page with its size in points, as it was set."""
    return {text: size for text, size, _ in _lines(pdf)}


def text_faces(pdf: bytes) -> list[tuple[str, str]]:
    """Each text of the first page with the name of its face."""
    return [(text, face) for text, _, face in _lines(pdf)]


def _lines(pdf: bytes) -> Iterator[tuple[str, float, str]]:
    """Text, size and face of each run of the first page."""
    document = pdfium.PdfDocument(pdf)
    try:
        page = document[0]
        texts = page.get_textpage()
        for run in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            size = ctypes.c_float()
            raw.FPDFTextObj_GetFontSize(run.raw, size)
            room = ctypes.create_string_buffer(raw.FPDFTextObj_GetText(run.raw, texts.raw, None, 0))
            raw.FPDFTextObj_GetText(
                run.raw, texts.raw, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), len(room)
            )
            face = ctypes.create_string_buffer(100)
            raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(run.raw), face, len(face))
            yield room.raw.decode("utf-16-le").rstrip("\0 "), size.value, face.value.decode()
    finally:
        document.close()
