"""Where a document camera is: the source string of the settings. No OpenCV here."""

from dataclasses import dataclass
from urllib.parse import urlsplit


class SourceError(ValueError):
    """A camera source in the settings that cannot be understood. `hint` is Chinese, for IT staff."""

    def __init__(self, source: str) -> None:
        super().__init__(f"not a camera source: {source!r}")
        self.hint = "高拍仪应写成 mjpeg:http://主机:端口/路径、uvc:序号 或 file:图片路径，例如 uvc:0。"


@dataclass(frozen=True, slots=True)
class MjpegSource:
    url: str


@dataclass(frozen=True, slots=True)
class UvcSource:
    index: int
    width_px: int = 2592
    height_px: int = 1944


@dataclass(frozen=True, slots=True)
class FileSource:
    path: str


Source = MjpegSource | UvcSource | FileSource


def parse_source(source: str) -> Source:
    """ "mjpeg:http://HOST:PORT/PATH", "uvc:INDEX" or "uvc:INDEX@WxH", "file:PATH". Raises SourceError."""
    kind, _, rest = source.partition(":")
    try:
        if kind == "mjpeg":
            parts = urlsplit(rest)
            if parts.scheme == "http" and parts.hostname and parts.port != 0:  # .port raises ValueError
                if rest.isascii() and rest.isprintable() and " " not in rest:
                    return MjpegSource(rest)
        elif kind == "uvc":
            index, _, size = rest.partition("@")
            width, _, height = (size or "2592x1944").partition("x")
            found = UvcSource(int(index), int(width), int(height))
            if 0 <= found.index < 64 and 160 <= found.width_px <= 8192 and 120 <= found.height_px <= 8192:
                return found
        elif kind == "file" and rest and "\0" not in rest:
            return FileSource(rest)
    except ValueError as exc:
        raise SourceError(source) from exc
    raise SourceError(source)
