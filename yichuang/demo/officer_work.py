"""A department officer at the desk pages, in the browser."""

from pathlib import Path

from yichuang.browser import Officer
from yichuang.demo.site import DEMO_PASSWORD


class OfficerWork:
    """One officer; pages of one server at a time."""

    def __init__(self, browser: Officer) -> None:
        self._browser = browser
        self._at = ""

    def go(self, base: str) -> None:
        """Sign in where they have not yet."""
        if self._at == base:
            return
        b = self._browser
        b.open(base + "/login")
        b.fill("login", "officer")
        b.fill("password", DEMO_PASSWORD)
        b.press("登录")
        b.open(base + "/desk?tab=take")
        b.see("待接件")
        self._at = base

    def list_shows(self, case_no: str, tab: str = "take") -> bool:
        self._browser.open(f"{self._at}/desk?tab={tab}")
        return self._browser.sees(case_no)

    def take(self, case_no: str, timeout_s: float = 20.0) -> None:
        """接件; at the centre the hall hands it over first."""
        b = self._browser
        b.open(self._at + "/desk?tab=take")
        b.see(case_no, timeout_s)
        b.press(case_no)
        b.press("接件")
        b.see("审查意见", timeout_s)

    def pass_precheck(self, case_no: str, timeout_s: float = 20.0) -> None:
        b = self._browser
        b.open(self._at + "/desk?tab=review")
        b.see(case_no, timeout_s)
        b.press(case_no)
        b.press("初审通过，交回大厅受理")

    def grant(self) -> None:
        self._browser.press("作出准予决定")
        self._browser.see("准予")

    def shot(self, path: Path) -> Path:
        return self._browser.shot(path)
