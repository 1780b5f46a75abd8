"""Turn what a person typed into a query, forgiving spaces, full-width digits and a small x."""

import re
import unicodedata

from PySide6.QtCore import QCoreApplication

from kiosk_app.ports import ProgressQuery, Refused

_ID_NUMBER = re.compile(r"\d{17}[0-9X]|\d{15}")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z〔〕-]{2,49}")
MAX_TYPED = 50


def query_from(text: str) -> ProgressQuery:
    """A code or an ID number. Raises Refused with words for the person when it can be neither."""
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if not clean:
        raise Refused(
            QCoreApplication.translate("Typed", "请输入凭证上的编号，或者身份证号码，也可以刷身份证。")
        )
    if _ID_NUMBER.fullmatch(clean):
        return ProgressQuery(id_number=clean)
    if _CODE.fullmatch(clean):
        return ProgressQuery(code=clean)
    raise Refused(
        QCoreApplication.translate(
            "Typed", "编号由数字和字母组成，在小票或凭证的二维码下面。请核对后再输入。"
        )
    )
