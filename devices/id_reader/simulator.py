"""A SAM_V reader made of software, with a card that can be put on it and lifted.

Shares constants with protocol.py on purpose; golden-byte tests pin protocol.py to the manual.
Process: `python -m devices.id_reader.simulator --port 0`; control lines: {"card": {...}} puts an invented
card (any field of IdCard; what is missing is filled in), {"card": null} lifts it, {"fault": NAME or null}.
"""

import argparse
import threading
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from devices.id_reader import protocol
from devices.id_reader.card import CardDataError, CardKind, IdCard, check_digit, encode_text
from devices.id_reader.protocol import Sw
from devices.simulation import run_until_stdin_closes

_SERIAL = bytes(8)
_SAM_ID = bytes.fromhex("05000300052535010100000015cd5b07")
_COMMAND_HEAD = len(protocol.PREAMBLE) + 2


class Fault(Enum):
    SILENT = "silent"
    GARBAGE = "garbage"
    NOISE = "noise"
    """Good answers behind line noise that looks like half a frame."""
    CHECKSUM = "checksum"
    TRUNCATED = "truncated"
    """The long answer breaks off."""
    STUCK = "stuck"
    """Finds and selects, then is silent until it is reset."""
    LIFTED = "lifted"
    """The card is taken away during the read."""
    WRONG_CARD = "wrong_card"
    SELECT = "select"
    SELF_TEST = "self_test"
    CUT = "cut"


class SimulatedReader:
    """State of one reader; feed() is the whole wire protocol. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending = b""
        self._card: IdCard | None = None
        self._fault: Fault | None = None
        self._must_lift = False
        self._selected = False
        self._hung = False

    def put_card(self, card: IdCard) -> None:
        encode_text(card)  # refuse an impossible card here, not in the middle of a read
        with self._lock:
            self._card, self._must_lift = card, False

    def lift_card(self) -> None:
        with self._lock:
            self._card, self._must_lift = None, False

    def set_fault(self, fault: Fault | None) -> None:
        with self._lock:
            self._fault = fault
            self._hung = False

    def control(self, command: Mapping[str, Any]) -> dict[str, Any]:
        """One control line. Raises ValueError."""
        if set(command) == {"fault"}:
            self.set_fault(None if command["fault"] is None else Fault(command["fault"]))
        elif set(command) == {"card"}:
            if command["card"] is None:
                self.lift_card()
            else:
                self.put_card(card_from_json(command["card"]))
        else:
            raise ValueError('expected {"card": ...} or {"fault": ...}')
        return {}

    def feed(self, data: bytes) -> bytes:
        """Consume bytes in any chunking; return the reply bytes. Raises OSError while the cable is cut."""
        with self._lock:
            if self._fault is Fault.CUT:
                self._pending = b""
                raise ConnectionAbortedError("cable cut")
            self._pending += data
            replies = b""
            while (command := self._next_command()) is not None:
                replies += self._spoil(self._answer(command))
            return replies

    def _next_command(self) -> bytes | None:
        while True:
            at = self._pending.find(protocol.PREAMBLE)
            if at < 0:
                self._pending = self._pending[-(len(protocol.PREAMBLE) - 1) :]
                return None
            self._pending = self._pending[at:]
            if len(self._pending) < _COMMAND_HEAD:
                return None
            end = _COMMAND_HEAD + int.from_bytes(self._pending[_COMMAND_HEAD - 2 : _COMMAND_HEAD], "big")
            if not _COMMAND_HEAD + 3 <= end <= _COMMAND_HEAD + 64:
                self._pending = self._pending[1:]
                continue
            if len(self._pending) < end:
                return None
            command, self._pending = self._pending[:end], self._pending[end:]
            return command

    def _answer(self, command: bytes) -> bytes:
        if command == protocol.RESET:
            self._hung = self._selected = False
            return protocol.encode_answer(Sw.OK)
        if self._hung:
            return b""
        if protocol.checksum(command[len(protocol.PREAMBLE) :]) != 0:
            return protocol.encode_answer(Sw.CHECKSUM)
        if command == protocol.STATUS:
            return protocol.encode_answer(Sw.SELF_TEST if self._fault is Fault.SELF_TEST else Sw.OK)
        if command == protocol.SAM_ID:
            return protocol.encode_answer(Sw.OK, _SAM_ID)
        if command == protocol.FIND:
            self._selected = False
            if self._card is None or self._must_lift:
                return protocol.encode_answer(Sw.NO_CARD)
            return protocol.encode_answer(Sw.CARD_FOUND, _SERIAL[:4])
        if command == protocol.SELECT:
            return self._select()
        if command == protocol.READ:
            return self._read()
        return protocol.encode_answer(Sw.COMMAND)

    def _select(self) -> bytes:
        if self._card is None or self._must_lift or self._fault is Fault.SELECT:
            self._must_lift = True
            return protocol.encode_answer(Sw.SELECT_FAILED)
        self._selected = True
        return protocol.encode_answer(Sw.OK, _SERIAL)

    def _read(self) -> bytes:
        selected, self._selected = self._selected, False
        if self._fault is Fault.STUCK:
            self._hung = True
            return b""
        if self._fault is Fault.LIFTED:
            self._card = None
        failed = Sw.WRONG_CARD if self._fault is Fault.WRONG_CARD else Sw.READ_FAILED
        if self._card is None or not selected or failed is Sw.WRONG_CARD:
            self._must_lift = self._card is not None
            return protocol.encode_answer(failed)
        data = protocol.encode_card_data(encode_text(self._card), self._card.wlt)
        return protocol.encode_answer(Sw.OK, data)

    def _spoil(self, reply: bytes) -> bytes:
        match self._fault:
            case Fault.SILENT:
                return b""
            case Fault.GARBAGE:
                return b"\xff\x00\xaa\xaa" * 8
            case Fault.NOISE:
                return b"\x00\xaa\xaa\x96" + protocol.PREAMBLE + b"\xff\xff" + reply
            case Fault.CHECKSUM:
                return reply[:-1] + bytes([reply[-1] ^ 0x55]) if reply else b""
            case Fault.TRUNCATED:
                return reply[:400]
            case _:
                return reply


def card_from_json(fields: object) -> IdCard:
    """An invented card from a control line; what is missing is filled in. Raises ValueError."""
    if not isinstance(fields, dict):
        raise ValueError("a card is an object or null")
    known = {
        "name": "测试人", "sex": "女", "ethnic_code": "05", "birth": "1990-01-01",
        "address": "某省某市某县某路1号", "id_number": "", "authority": "某县公安局",
        "valid_from": "2020-01-01", "valid_to": "2040-01-01", "kind": "resident",
        "name_latin": "", "nationality": "", "pass_number": "",
    }  # fmt: skip
    if unknown := set(fields) - set(known):
        raise ValueError(f"unknown card fields: {sorted(unknown)}")
    if fields.get("kind") == CardKind.FOREIGNER_2017.value:  # carries a code and no address
        known |= {"authority": "1500", "address": "", "nationality": "XXX"}
    merged = known | fields
    if not all(isinstance(value, str) for key, value in merged.items() if key != "valid_to"):
        raise ValueError("card fields are strings")
    birth = date.fromisoformat(merged["birth"])
    kind = CardKind(merged["kind"])
    until = merged["valid_to"]
    if not isinstance(until, str) and until is not None:
        raise ValueError("valid_to is a date or null")
    number = merged["id_number"] or _invented_number(kind, birth, merged["sex"])
    ethnic = merged["ethnic_code"] if kind is CardKind.RESIDENT else ""
    card = IdCard(
        name=merged["name"],
        sex=merged["sex"],
        ethnic_code=ethnic,
        ethnic_name="",
        birth=birth,
        address=merged["address"],
        id_number=number,
        authority=merged["authority"],
        valid_from=date.fromisoformat(merged["valid_from"]),
        valid_to=date.fromisoformat(until) if until else None,
        kind=kind,
        name_latin=merged["name_latin"],
        nationality=merged["nationality"],
        pass_number=merged["pass_number"],
    )
    try:
        encode_text(card)
    except CardDataError as exc:
        raise ValueError(f"impossible card: {exc}") from exc
    return card


def _invented_number(kind: CardKind, birth: date, sex: str) -> str:
    """A number of the right form that fits the card; nobody's on purpose."""
    if kind is CardKind.FOREIGNER_2017:
        return f"XXX6523{birth:%y%m%d}01"
    division = "810000" if kind is CardKind.HK_MACAO_TAIWAN else "652301"
    body = f"{division}{birth:%Y%m%d}00{1 if sex == '男' else 2}"
    return body + check_digit(body)


def main() -> None:
    parser = argparse.ArgumentParser(description="ID-card reader simulator (SAM_V)")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    args = parser.parse_args()
    reader = SimulatedReader()
    run_until_stdin_closes(reader.feed, None, reader.control, port=args.port, control_port=args.control_port)


if __name__ == "__main__":
    main()
