"""Camera, ID reader, rating pad and A4 printer of a window, over devices/."""

import hashlib
import logging
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtGui import QImage

from counter_app.backend.bench import refusing
from counter_app.backend.pages import PageTray, StagedPage
from counter_app.backend.thumbs import Thumbs
from counter_app.device_ports import (
    CameraFeed,
    CameraFrame,
    CapturedPage,
    CardData,
    DeviceTrouble,
    PadAnswer,
    PrintOutcome,
)
from counter_app.status.ports import Health, HealthRow
from counter_app.values import PageId, PaperId
from devices.doc_camera.address import SourceError
from devices.doc_camera.driver import DocCamera
from devices.doc_camera.values import CameraState
from devices.errors import DeviceError
from devices.id_reader.driver import NoCard, SamvIdReader
from devices.rating_pad.driver import FramedRatingPad, NotRated
from devices.rating_pad.protocol import generic_profile
from devices.transport import AddressError, open_transport, parse_address
from hall.journal.ids import new_id
from hall.journal.refusal import Refusal, StoreFault
from sync.join_file import BadJoinFile

log = logging.getLogger(__name__)
CARD_POLL_S = 0.3
SPOOL_TIMEOUT_S = 30
STALE_S = 1.5
"""A live picture is renewed ten times a second; after this long without one nothing is called well."""
_WHY_NO_FRAMES = {CameraState.SILENT: CameraFeed.FROZEN, CameraState.OFFLINE: CameraFeed.LOST}


class WindowCamera:
    """Implements device_ports.Camera: a preview thread while somebody watches, pages into the tray."""

    def __init__(self, camera: DocCamera, tray: PageTray, thumbs: Thumbs) -> None:
        self._camera = camera
        self._tray = tray
        self._thumbs = thumbs
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None
        self._frame_at = 0.0

    @property
    def state(self) -> CameraState:
        """What the camera is now. It is well only while pictures come: an old one proves nothing."""
        state = self._camera.state
        if state is not CameraState.OK:
            return state
        if self._stop is None:
            return CameraState.CLOSED
        return state if time.monotonic() - self._frame_at < STALE_S else CameraState.SILENT

    def watch(self, on_frame: Callable[[CameraFrame], None], on_lost: Callable[[CameraFeed], None]) -> None:
        self.stop()
        stop = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(stop, on_frame, on_lost), name="camera-preview", daemon=True
        )
        with self._lock:
            self._stop, self._thread = stop, thread
        thread.start()

    def stop(self) -> None:
        with self._lock:
            stop, self._stop = self._stop, None
        if stop is not None:
            stop.set()

    def close(self) -> None:
        """End the preview and the camera child. Blocks until its thread has ended."""
        self.stop()
        self._camera.close()
        thread = self._thread
        if thread is not None:
            thread.join(10.0)

    @refusing
    def shoot(self) -> CapturedPage:
        try:
            page = self._camera.capture()
        except DeviceError as exc:
            raise DeviceTrouble(exc.hint + "这一页没有拍成，已拍的都在。") from exc
        staged = StagedPage(page.jpeg, page.width_px, page.height_px, page.dpi, "camera")
        page_id = self._tray.put(staged)
        warning = page.warnings[0].hint if page.warnings else ""
        return CapturedPage(PageId(page_id), self._thumbs.remember(page_id, page.jpeg), warning)

    def _run(
        self,
        stop: threading.Event,
        on_frame: Callable[[CameraFrame], None],
        on_lost: Callable[[CameraFeed], None],
    ) -> None:
        after, told = 0, None
        while not stop.is_set():
            try:
                shot = self._camera.preview(after=after)
            except DeviceError:
                if stop.is_set():
                    return
                why = _WHY_NO_FRAMES.get(self._camera.state)
                if why is not None and why is not told:
                    told = why
                    on_lost(why)
                stop.wait(0.5)
                continue
            told, after, self._frame_at = None, shot.frame_no, time.monotonic()
            image = QImage.fromData(shot.jpeg).convertToFormat(QImage.Format.Format_RGB888)
            if image.isNull() or stop.is_set():
                continue
            outline = None
            if shot.page is not None:
                a, b, c, d = ((x / shot.width_px, y / shot.height_px) for x, y in shot.page.corners)
                outline = (a, b, c, d)
            width, height = image.width(), image.height()
            stride = image.bytesPerLine()
            raw = bytes(image.constBits())
            rows = b"".join(raw[y * stride : y * stride + width * 3] for y in range(height))
            on_frame(CameraFrame(width, height, rows, outline))


class WindowIdReader:
    """Implements device_ports.IdReader. Card data is handed on and kept nowhere."""

    def __init__(
        self, reader: SamvIdReader, today: Callable[[], date], wait: Callable[[float], None]
    ) -> None:
        self._reader = reader
        self._today = today
        self._wait = wait
        self.health = Health.UNKNOWN
        self.hint = ""

    def read(self, timeout_s: float) -> CardData | None:
        looks = max(1, int(timeout_s / CARD_POLL_S))
        for _ in range(looks):
            try:
                card = self._reader.read()
            except DeviceError as exc:
                self.health, self.hint = Health.FAULT, exc.hint
                raise DeviceTrouble(exc.hint + "也可以手工录入。") from exc
            self.health, self.hint = Health.OK, ""
            if not isinstance(card, NoCard):
                expired = card.valid_to is not None and card.valid_to < self._today()
                valid = "长期" if card.valid_to is None else card.valid_to.isoformat()
                return CardData(card.name, card.id_number, card.address, valid, expired)
            self._wait(CARD_POLL_S)
        return None


class WindowPad:
    """Implements device_ports.Pad."""

    def __init__(self, pad: FramedRatingPad | None) -> None:
        self._pad = pad
        self._question = ""
        self.health = Health.UNKNOWN
        self.hint = ""

    @property
    def present(self) -> bool:
        return self._pad is not None

    def ask(self, timeout_s: float) -> PadAnswer:
        if self._pad is None:
            raise DeviceTrouble("本窗口没有评价器，请在顾客屏上评价。")
        # every question has its own name: a cancel that comes late must not end the next one
        question = new_id()
        self._question = question
        try:
            answer = self._pad.ask(question)
        except DeviceError as exc:
            self.health, self.hint = Health.FAULT, exc.hint
            raise DeviceTrouble(exc.hint) from exc
        self.health, self.hint = Health.OK, ""
        return PadAnswer(None if isinstance(answer, NotRated) else answer)

    def cancel(self) -> None:
        question, self._question = self._question, ""
        if self._pad is not None and question:
            self._pad.cancel(question)


class SpoolPrinter:
    """Implements device_ports.A4Printer over CUPS ("cups:QUEUE") or a folder ("folder:PATH").

    A folder is where another program picks papers up, so a paper that lies there is printed. Only one that was
    set up is written to: papers name people, and nobody clears a folder that nobody asked for.
    """

    def __init__(self, address: str | None, pdf: Callable[[str], bytes]) -> None:
        """`address`: of join.devices["a4_printer"]; None: no printer. `pdf` raises Refusal, StoreFault."""
        self._kind, _, self._where = (address or "").partition(":")
        self._pdf = pdf

    def print_paper(self, command_id: UUID, paper_id: PaperId, copies: int) -> PrintOutcome:
        if not self._kind:
            raise DeviceTrouble("本机没有设置打印机，请信息科设置；文书可在屏幕上查看，以后再打印。")
        if self._kind not in ("cups", "folder") or not self._where:
            raise DeviceTrouble("接入文件里 a4_printer 应写成 cups:队列名 或 folder:文件夹，请信息科改正。")
        try:
            data = self._pdf(paper_id)
        except (Refusal, StoreFault) as exc:
            raise DeviceTrouble(exc.text) from exc
        try:
            if self._kind == "cups":
                return self._to_cups(data, copies)
            name = hashlib.sha256(f"{command_id}{paper_id}".encode()).hexdigest()[:16]
            return self._to_folder(data, f"{name}.pdf")
        except OSError as exc:
            raise DeviceTrouble("文书打印没有送出，请检查打印机；文书已保存，可再次打印。") from exc

    def _to_folder(self, data: bytes, name: str) -> PrintOutcome:
        folder = Path(self._where)
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / (name + ".new")
        # a draft that a power cut left may have been made for all to read
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(draft, folder / name)
        return PrintOutcome.PRINTED

    def _to_cups(self, data: bytes, copies: int) -> PrintOutcome:
        lp = shutil.which("lp")
        if lp is None:
            raise DeviceTrouble("本机没有安装打印服务，请信息科检查。")
        try:
            done = subprocess.run(
                [lp, "-d", self._where, "-n", str(copies), "-o", "media=A4"], input=data, check=False,
                capture_output=True, timeout=SPOOL_TIMEOUT_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired as exc:
            raise DeviceTrouble(
                "打印服务没有回应，请先看出纸口，没有纸出来再打一次；文书已保存。", maybe_out=True
            ) from exc
        if done.returncode != 0:
            raise DeviceTrouble("打印服务没有接收，请检查打印机；文书已保存，可再次打印。")
        return PrintOutcome.SENT


def make_camera(address: str, tray: PageTray, thumbs: Thumbs) -> WindowCamera:
    """Raises BadJoinFile."""
    try:
        return WindowCamera(DocCamera("高拍仪", address), tray, thumbs)
    except SourceError as exc:
        raise BadJoinFile(f"接入文件里 camera 的地址不对。{exc.hint}") from exc


def make_reader(address: str, today: Callable[[], date], wait: Callable[[float], None]) -> WindowIdReader:
    """Raises BadJoinFile."""
    _check_address("id_reader", address)
    return WindowIdReader(SamvIdReader("读卡器", partial(open_transport, address)), today, wait)


def make_pad(address: str | None) -> WindowPad:
    """Raises BadJoinFile."""
    if not address:
        return WindowPad(None)
    _check_address("pad", address)
    return WindowPad(FramedRatingPad("评价器", partial(open_transport, address), generic_profile()))


def _check_address(kind: str, address: str) -> None:
    try:
        parse_address(address)
    except AddressError as exc:
        raise BadJoinFile(f"接入文件里 {kind} 的地址不对。{exc.hint}") from exc


def camera_health(camera: WindowCamera) -> HealthRow:
    words = {
        CameraState.OK: (Health.OK, "正常", ""),
        CameraState.CLOSED: (Health.UNKNOWN, "待用", ""),
        CameraState.STARTING: (Health.ATTENTION, "启动中", ""),
        CameraState.SILENT: (
            Health.ATTENTION,
            "画面停住",
            "正在自动恢复；已拍的都在。长时间不恢复请重新插拔数据线。",
        ),
        CameraState.OFFLINE: (Health.FAULT, "断开", "请检查高拍仪电源和数据线。"),
    }
    health, word, hint = words[camera.state]
    return HealthRow("camera", "高拍仪", health, word, hint)


def reader_health(reader: WindowIdReader) -> HealthRow:
    word = {Health.OK: "正常", Health.UNKNOWN: "待用"}.get(reader.health, "故障")
    return HealthRow("reader", "读卡器", reader.health, word, reader.hint)


def pad_health(pad: WindowPad) -> HealthRow:
    word = {Health.OK: "正常", Health.UNKNOWN: "待用"}.get(pad.health, "故障")
    return HealthRow("pad", "评价器", pad.health, word, pad.hint)
