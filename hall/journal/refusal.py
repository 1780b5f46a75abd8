"""Expected refusals: the hall's rules said no. Shown to people as they are, never logged as a fault."""


class Refusal(Exception):
    """`code` is stable and English; `text` is Chinese, for the person at the screen."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class NotOwner(Refusal):
    """This machine does not hold the dossier, so it may not write in it."""

    def __init__(self, dossier: str, owner: str) -> None:
        super().__init__("not_owner", "这份卷宗不在本机，不能在这里改动。请先接件，或到持有它的窗口办理。")
        self.dossier = dossier
        self.owner = owner


class UnknownDossier(Refusal):
    def __init__(self, dossier: str) -> None:
        super().__init__("unknown_dossier", "本机没有这份卷宗。")
        self.dossier = dossier


class NotSettled(Refusal):
    """Restored or cloned: this machine waits until its parent has told it what it owns."""

    def __init__(self) -> None:
        super().__init__(
            "not_settled",
            "本机刚从备份恢复，正在向上级核对持有的卷宗，核对完成前不能改动旧卷宗。请检查网络。",
        )


class StoreFault(Exception):
    """The disk or the database failed. `text` is for staff."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotWritten(StoreFault):
    """A write failed as a whole: nothing of it was kept, for certain."""
