"""A rating pad made of software, for any profile that gives an example frame for each level.

Process: `python -m devices.rating_pad.simulator --port 0`; control lines: {"press": 1..5} presses a key (what
a resting pad ignores), {"timeout": true} lets the pad's own time run out, {"fault": NAME or null}.
"""

import argparse
import threading
from collections.abc import Mapping
from enum import Enum
from typing import Any

from devices.rating_pad import protocol
from devices.rating_pad.protocol import LEVELS, PadProfile
from devices.simulation import run_until_stdin_closes


class Fault(Enum):
    SILENT = "silent"
    GARBAGE = "garbage"
    CHECKSUM = "checksum"
    """Key frames arrive with a bit turned over; the ack is good."""
    UNPLUG = "unplug"


class SimulatedPad:
    """State of one pad; feed() and late() are the whole wire protocol. Thread-safe."""

    def __init__(self, profile: PadProfile) -> None:
        if missing := set(LEVELS) - set(profile.examples):
            raise ValueError(f"profile has no example frame for {sorted(missing)}")
        self._profile = profile
        self._prompt = protocol.seal(profile, profile.prompt)
        self._cancel = protocol.seal(profile, profile.cancel) if profile.cancel else b""
        self._lock = threading.Lock()
        self._pending = b""
        self._outbox = b""
        self._lit = False
        self._fault: Fault | None = None

    @property
    def lit(self) -> bool:
        """The pad has been prompted and waits for a key."""
        with self._lock:
            return self._lit

    def press(self, level: int) -> bool:
        """Press a key; False when the pad rests and takes no notice. Raises ValueError."""
        if level not in LEVELS or isinstance(level, bool):
            raise ValueError("level 1..5")
        return self._key(protocol.seal(self._profile, self._profile.examples[level]))

    def run_out(self) -> bool:
        """The pad's own time-out, for profiles that know one. Raises ValueError."""
        code = next(
            (code for code, level in self._profile.codes.items() if level == protocol.PAD_TIMEOUT), None
        )
        if code is None:
            raise ValueError("this pad has no time-out frame")
        best = next(code for code, level in self._profile.codes.items() if level == LEVELS[-1])
        frame = self._profile.examples[LEVELS[-1]]
        at = frame.rindex(best)
        return self._key(protocol.seal(self._profile, frame[:at] + code + frame[at + len(best) :]))

    def set_fault(self, fault: Fault | None) -> None:
        with self._lock:
            self._fault = fault

    def control(self, command: Mapping[str, Any]) -> dict[str, Any]:
        """One control line. Raises ValueError."""
        match command:
            case {"press": int(level)}:
                return {"taken": self.press(level)}
            case {"timeout": True}:
                return {"taken": self.run_out()}
            case {"fault": fault}:
                self.set_fault(None if fault is None else Fault(fault))
                return {}
            case _:
                raise ValueError('expected {"press": 1..5}, {"timeout": true} or {"fault": ...}')

    def feed(self, data: bytes) -> bytes:
        """Consume bytes in any chunking; return the ack. Raises OSError while unplugged."""
        with self._lock:
            if self._fault is Fault.UNPLUG:
                self._pending, self._lit = b"", False
                raise ConnectionAbortedError("unplugged")
            if self._fault is Fault.SILENT:
                return b""
            self._pending += data
            replies = b""
            while (step := self._next()) is not None:
                self._lit = step == self._prompt
                if self._lit and self._fault is Fault.GARBAGE:
                    replies += b"\x00\xfe\xaa\x54" * 4
                elif self._lit and self._profile.ack:
                    replies += protocol.seal(self._profile, self._profile.ack)
            return replies

    def late(self) -> bytes:
        """Keys pressed since the last call. Raises OSError while unplugged."""
        with self._lock:
            if self._fault is Fault.UNPLUG:
                self._lit = False
                raise ConnectionAbortedError("unplugged")
            out, self._outbox = self._outbox, b""
            return out

    def _key(self, frame: bytes) -> bool:
        with self._lock:
            if not self._lit:
                return False
            self._lit = False
            match self._fault:
                case Fault.SILENT:
                    pass
                case Fault.GARBAGE:
                    self._outbox += b"\x00\xfe\xaa\x54" * 4
                case Fault.CHECKSUM:
                    self._outbox += frame[:-1] + bytes([frame[-1] ^ 0x01])
                case _:
                    self._outbox += frame
            return True

    def _next(self) -> bytes | None:
        """The next prompt or cancel in what has come in, dropping anything before it."""
        known = [frame for frame in (self._prompt, self._cancel) if frame]
        found = [(at, frame) for frame in known if (at := self._pending.find(frame)) >= 0]
        if not found:
            keep = max(map(len, known)) - 1
            self._pending = self._pending[-keep:] if keep else b""
            return None
        at, frame = min(found)
        self._pending = self._pending[at + len(frame) :]
        return frame


def main() -> None:
    parser = argparse.ArgumentParser(description="Rating pad simulator (generic profile)")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    args = parser.parse_args()
    pad = SimulatedPad(protocol.generic_profile())
    run_until_stdin_closes(pad.feed, pad.late, pad.control, port=args.port, control_port=args.control_port)


if __name__ == "__main__":
    main()
