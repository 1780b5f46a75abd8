"""A TCP line between two machines that cuts, delays, truncates, repeats, flips bits and plays captive portal."""

import asyncio
import contextlib
import random
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field

PORTAL = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 28\r\n\r\n<html>please sign in</html>\r\n"
)
_LONGEST_REPEAT = 256 * 1024


@dataclass
class Line:
    """One pair of machines. `calm` lines only forward."""

    target: int
    chance: random.Random
    calm: bool = False
    away_until: float = 0.0
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    """Held from the beginning: nobody else can take the port before the line is opened."""

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])


@dataclass
class BadLines:
    """All lines, in one thread of their own."""

    lines: list[Line]
    faults: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> "BadLines":
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="bad-lines", daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def calm(self) -> None:
        for line in self.lines:
            line.calm = True

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._end = asyncio.Event()
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        servers = []
        for line in self.lines:

            async def meet(r: asyncio.StreamReader, w: asyncio.StreamWriter, line: Line = line) -> None:
                await self._meet(line, r, w)

            servers.append(await asyncio.start_server(meet, sock=line.listening))
        ready.set()
        await self._end.wait()
        for server in servers:
            server.close()
        tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _meet(self, line: Line, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far_out: asyncio.StreamWriter | None = None
        sent = bytearray()
        try:
            now = self._loop.time()
            if not line.calm and line.chance.random() < 0.02:
                line.away_until = now + line.chance.uniform(0.2, 3.0)
                self.faults["cut"] += 1
            if not line.calm and now < line.away_until:
                return
            if not line.calm and line.chance.random() < 0.03:
                self.faults["portal"] += 1
                await near.read(1 << 16)
                back.write(PORTAL)
                await back.drain()
                return
            far, far_out = await asyncio.open_connection("127.0.0.1", line.target)
            pumps = [
                asyncio.create_task(self._pump(line, near, far_out, sent)),
                asyncio.create_task(self._pump(line, far, back, None)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            if sent and not line.calm and line.chance.random() < 0.3:
                await self._repeat(line, bytes(sent))
        except OSError:
            pass
        finally:
            for writer in (back, far_out):
                if writer is not None:
                    writer.close()
                    with contextlib.suppress(OSError):
                        await writer.wait_closed()

    async def _pump(
        self, line: Line, source: asyncio.StreamReader, target: asyncio.StreamWriter, kept: bytearray | None
    ) -> None:
        """Until one side ends, or the line does."""
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                if kept is not None and len(kept) < _LONGEST_REPEAT:
                    kept += data
                fault = "" if line.calm else self._fault(line.chance)
                if fault:
                    self.faults[fault] += 1
                match fault:
                    case "delay":
                        await asyncio.sleep(line.chance.uniform(0.05, 1.5))
                    case "flip":
                        spoilt = bytearray(data)
                        spoilt[line.chance.randrange(len(data))] ^= 1 << line.chance.randrange(8)
                        data = bytes(spoilt)
                    case "truncate":
                        target.write(data[: line.chance.randrange(len(data))])
                        await target.drain()
                        return
                    case "reset":
                        return
                target.write(data)
                await target.drain()

    def _fault(self, chance: random.Random) -> str:
        at = chance.random()
        for fault, share in (("delay", 0.04), ("flip", 0.02), ("truncate", 0.02), ("reset", 0.02)):
            if at < share:
                return fault
            at -= share
        return ""

    async def _repeat(self, line: Line, sent: bytes) -> None:
        """The same requests arrive once more, and nobody hears the answers."""
        self.faults["repeat"] += 1
        far, out = await asyncio.open_connection("127.0.0.1", line.target)
        out.write(sent)
        with contextlib.suppress(OSError, TimeoutError):
            await out.drain()
            await asyncio.wait_for(far.read(1 << 20), 2.0)
        out.close()
