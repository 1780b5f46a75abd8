"""A citizen at the kiosk: only touches and what can be read."""

from pathlib import Path

import cv2

from yichuang.demo.hall import Control
from yichuang.processes import AppHands, ProcessFault


class KioskVisitor:
    """Whoever stands at the kiosk now."""

    def __init__(self, hands: AppHands, printer: Control) -> None:
        self.hands = hands
        self._printer = printer

    def connected(self) -> None:
        """Waits until the kiosk has heard the hall's node."""
        self.hands.ask("wait", text="大厅连接 正常")

    def take(self, matter: str, *, touches: int = 1, elder: bool = False) -> str:
        """A number for a matter, as the screen shows it."""
        h = self.hands
        self.choose(matter, elder=elder)
        h.ask("press", name="取号", times=touches)
        h.ask("wait", name="您的号码", text="")
        return str(h.ask("text", name="您的号码"))

    def choose(self, matter: str, *, elder: bool = False) -> None:
        """From the first page to the one with 取号."""
        h = self.hands
        h.ask("press", name="取号办事")
        h.ask("wait", text="选一个最接近的说法")
        self._until("按事项找", "请选择事项")
        h.ask("wait", name="事项页码", text="1 / ")
        for _ in range(60):
            if self._offers(matter):
                break
            before = str(h.ask("text", name="事项页码"))
            h.ask("press", name="事项下一页")
            h.ask("wait", name="事项页码", text=before, gone=True)
        else:
            raise ProcessFault(f"the kiosk does not offer {matter}")
        h.ask("press", name=matter)
        if elder:
            h.ask("press", name="需要优先办理")
            h.ask("press", name="优先：老年人")

    def _offers(self, matter: str) -> bool:
        """Is there a tile of that name? Its words on the screen are broken into lines."""
        return matter in self.hands.ask("names")

    def _until(self, button: str, text: str) -> None:
        """Touch until the page changes, as people do: a touch while the kiosk is still busy has no effect."""
        for _ in range(8):
            self.hands.ask("press", name=button)
            try:
                self.hands.ask("wait", text=text, timeout_s=1.5)
            except ProcessFault:
                continue
            return
        raise ProcessFault(f"{button} does not lead to {text}")

    def slip(self, text: str, timeout_s: float = 25.0) -> str:
        """Wait until the screen says that of the slip."""
        return str(self.hands.ask("wait", name="小票状态", text=text, timeout_s=timeout_s))

    def leave(self) -> None:
        self.hands.ask("press", name="完成")
        self.hands.ask("wait", text="您要做什么？")

    def reprint(self) -> None:
        self.hands.ask("press", name="补打小票")

    def progress(self, case_no: str) -> str:
        """Type the number of the receipt; what the screen says of it."""
        h = self.hands
        h.ask("press", name="查进度")
        h.ask("type", name="查进度编号", text=case_no)
        h.ask("press", name="查进度继续")
        return str(h.ask("wait", text=case_no))

    def grab(self, path: Path) -> None:
        self.hands.ask("grab", path=str(path))


def newest_code(printer: Path) -> str:
    """What a scanner reads from the slip that came out last. Raises ProcessFault."""
    slips = sorted(printer.glob("ticket-*.png"))
    picture = cv2.imread(str(slips[-1])) if slips else None
    text = "" if picture is None else cv2.QRCodeDetector().detectAndDecode(picture)[0]
    if not text:
        raise ProcessFault("no slip with a readable code")
    return text
