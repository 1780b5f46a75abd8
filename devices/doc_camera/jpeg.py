"""Just enough of JPEG to refuse a bad picture before a decoder sees it. Pure."""

START = b"\xff\xd8"
END = b"\xff\xd9"
MAX_PIXELS = 40_000_000
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class JpegError(ValueError):
    """Not a whole JPEG of a size that a camera makes."""


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises JpegError for anything cut off, foreign or monstrous."""
    if not data.startswith(START):
        raise JpegError("no start of image")
    if END not in data[-64:]:  # some cameras pad behind the end
        raise JpegError("no end of image")
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise JpegError("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        if marker in (0xD9, 0xDA):
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:
            raise JpegError("segment length")
        if marker in _FRAME_HEADERS:
            if length < 8 or at + 9 > len(data):
                break
            height, width = (int.from_bytes(data[at + k : at + k + 2], "big") for k in (5, 7))
            if not (width and height and width * height <= MAX_PIXELS):
                raise JpegError("size out of range")
            return width, height
        at += 2 + length
    raise JpegError("no frame header")
