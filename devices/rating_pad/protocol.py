"""Rating-pad frames as a profile describes them: checksums, prompt, keys. No I/O, no state.

Levels follow the 政务服务"好差评" scale: 5 非常满意, 4 满意, 3 基本满意, 2 不满意, 1 非常不满意.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import xor

LEVELS = (1, 2, 3, 4, 5)
PAD_TIMEOUT = 0
"""A key code mapped to 0 means: the pad's own time ran out. It is never a rating."""

MAX_FRAME = 64
_KEEP = 2 * MAX_FRAME


class Checksum(Enum):
    """Behind the frame: one byte, or CRC-16/MODBUS with the low byte first."""

    NONE = "none"
    SUM = "sum"
    XOR = "xor"
    CRC16 = "crc16"

    @property
    def size(self) -> int:
        return {Checksum.NONE: 0, Checksum.CRC16: 2}.get(self, 1)

    def of(self, data: bytes) -> bytes:
        match self:
            case Checksum.NONE:
                return b""
            case Checksum.SUM:
                return bytes([sum(data) & 0xFF])
            case Checksum.XOR:
                return bytes([reduce(xor, data, 0)])
            case Checksum.CRC16:
                return crc16(data).to_bytes(2, "little")


def crc16(data: bytes) -> int:
    """CRC-16/MODBUS: reflected polynomial 0xA001, start 0xFFFF; b"123456789" gives 0x4B37."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


class ProfileError(ValueError):
    """A pad profile in the settings that cannot work. `hint` is Chinese, for IT staff."""

    def __init__(self, field_name: str, why: str, hint: str) -> None:
        super().__init__(f"rating pad profile, {field_name}: {why}")
        self.hint = hint


@dataclass(frozen=True, slots=True)
class PadProfile:
    """What one kind of pad says and understands. Frames are given without their checksum.

    Raises ProfileError at once when it contradicts itself.
    """

    prompt: bytes
    """Wakes the pad and asks for a rating."""
    cancel: bytes
    """Puts it to rest; empty: the pad needs nothing."""
    pattern: bytes
    """Regular expression over bytes with one group `level`; fixed length, or ended by a terminator."""
    codes: Mapping[bytes, int]
    """What the group may hold, to a level 1..5 or PAD_TIMEOUT."""
    checksum: Checksum = Checksum.NONE
    checksum_from: int = 0
    """Leading bytes of a frame that the checksum leaves out."""
    ack: bytes = b""
    """Answer of the pad to a prompt, if it has one: then a dead pad is noticed at once."""
    baud: int = 9600
    timeout_s: float = 60.0
    examples: Mapping[int, bytes] = field(default_factory=dict)
    """Level to a key frame from the pad's manual: checked against the pattern, used by the simulator."""

    def __post_init__(self) -> None:
        try:
            groups = re.compile(self.pattern, re.DOTALL).groupindex
        except re.error as exc:
            raise ProfileError("pattern", str(exc), "按键帧的表达式写法有误。") from exc
        if "level" not in groups or re.search(self.pattern, b"", re.DOTALL):
            raise ProfileError(
                "pattern", "no group level, or matches nothing", "按键帧表达式须含 (?P<level>…)。"
            )
        if not self.prompt or max(len(self.prompt), len(self.cancel), len(self.ack)) > MAX_FRAME:
            raise ProfileError("prompt", "empty, or a frame too long", "提示帧不能为空，各帧不超过 64 字节。")
        if set(self.codes.values()) - {PAD_TIMEOUT} != set(LEVELS):
            raise ProfileError("codes", "not every level 1..5 has a code", "须为 1 至 5 级各指定一个按键码。")
        if not (
            0 <= self.checksum_from < MAX_FRAME and 0 < self.timeout_s <= 600 and 50 <= self.baud <= 4_000_000
        ):
            raise ProfileError("numbers", "out of range", "波特率、超时（600 秒以内）或校验起点超出范围。")
        for level, frame in self.examples.items():
            found = scan(self, seal(self, frame))
            if found.code != level:
                raise ProfileError(
                    "examples", f"example of {level} reads as {found.code}", "示例帧与表达式不符。"
                )


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look into the receive buffer found."""

    code: int | None
    """A level 1..5, PAD_TIMEOUT, or None: nothing yet."""
    rest: bytes
    damaged: bool
    """A key frame was there, with a wrong checksum or an unknown code."""


def seal(profile: PadProfile, frame: bytes) -> bytes:
    """The frame with its checksum behind it."""
    return frame + profile.checksum.of(frame[profile.checksum_from :])


def scan(profile: PadProfile, buffer: bytes) -> Scan:
    """Find the first key frame, over garbage and damaged frames. Never raises."""
    damaged = False
    pattern = re.compile(profile.pattern, re.DOTALL)
    buffer = buffer[-_KEEP:]
    at = 0
    while match := pattern.search(buffer, at):
        end = match.end() + profile.checksum.size
        if end > len(buffer):
            break
        code = profile.codes.get(match["level"] or b"")
        if code is not None and seal(profile, match[0]) == buffer[match.start() : end]:
            return Scan(code, buffer[end:], damaged)
        damaged = True
        at = match.start() + 1
    return Scan(None, buffer[at:], damaged)


def generic_profile() -> PadProfile:
    """Frames of our own for a pad built to order and for the simulator: AA 55 KIND VALUE SUM."""
    return PadProfile(
        prompt=b"\xaa\x55\x01\x00",
        cancel=b"\xaa\x55\x03\x00",
        pattern=rb"\xaa\x55\x02(?P<level>[\x00-\x05])",
        codes={bytes([level]): level for level in (PAD_TIMEOUT, *LEVELS)},
        checksum=Checksum.SUM,
        ack=b"\xaa\x55\x81\x00",
        examples={level: bytes([0xAA, 0x55, 0x02, level]) for level in LEVELS},
    )


def profile_from_settings(settings: Mapping[str, object]) -> PadProfile:
    """A profile from a hall's settings file; byte strings are hex, codes {"hex": level}.

    Raises ProfileError.
    """
    known = {
        "prompt", "cancel", "pattern", "codes", "checksum", "checksum_from", "ack", "baud", "timeout_s",
        "examples",
    }  # fmt: skip
    if unknown := set(settings) - known:
        raise ProfileError(sorted(unknown)[0], "unknown", "评价器配置中有不认识的项目。")
    codes, examples = settings.get("codes"), settings.get("examples", {})
    pattern = settings.get("pattern")
    if not (isinstance(codes, Mapping) and isinstance(examples, Mapping) and isinstance(pattern, str)):
        raise ProfileError("codes", "missing or not a table", "缺少 pattern 或 codes。")
    numbers = {key: settings[key] for key in ("checksum_from", "baud") if key in settings}
    timeout_s = settings.get("timeout_s", 60.0)
    try:
        checksum = Checksum(settings.get("checksum", "none"))
        raw_pattern = pattern.encode("latin-1")
        levels = {_hex("codes", key): _whole("codes", level) for key, level in codes.items()}
        frames = {int(level): _hex("examples", frame) for level, frame in examples.items()}
    except ProfileError:
        raise
    except ValueError as exc:
        raise ProfileError("settings", str(exc), "评价器配置的取值有误。") from exc
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float):
        raise ProfileError("timeout_s", "not a number", "超时须为秒数。")
    return PadProfile(
        prompt=_hex("prompt", settings.get("prompt", "")),
        cancel=_hex("cancel", settings.get("cancel", "")),
        pattern=raw_pattern,
        codes=levels,
        checksum=checksum,
        ack=_hex("ack", settings.get("ack", "")),
        timeout_s=timeout_s,
        examples=frames,
        **{key: _whole(key, value) for key, value in numbers.items()},
    )


def _hex(name: str, value: object) -> bytes:
    try:
        return bytes.fromhex(value if isinstance(value, str) else "?")
    except ValueError as exc:
        raise ProfileError(name, "not hex", "字节须写成十六进制，例如 AA 55 01。") from exc


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProfileError(name, "not a whole number", "此项须为整数。")
    return value
