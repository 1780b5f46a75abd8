"""Everything the outcome page shows, and what stands in the way of F9."""

from dataclasses import dataclass

from counter_app.outcome.ports import Act, ActChoice, Defect
from counter_app.take_in.ports import CaseView, MaterialRow, MaterialState
from counter_app.take_in.state import missing
from counter_app.values import NO_NOTICE, PaperId, PaperRow
from ui.notice import Notice

UNCHECKED = "还没有核对"


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as F9 would print it now. It has no number and is never printed."""

    title: str
    pages: tuple[bytes, ...] = ()
    told: str = ""
    """In words, where there is no page: why."""
    renewing: bool = False
    """The pages are those before the last change."""


@dataclass(frozen=True, slots=True)
class OutcomeState:
    """Everything the outcome page draws."""

    case: CaseView | None = None
    acts: tuple[ActChoice, ...] = ()
    at: int = 0
    text: str = ""
    """The reason being written."""
    defects: tuple[Defect, ...] = ()
    """What a correction notice will list, from the materials that are not right."""
    papers: tuple[PaperRow, ...] = ()
    printing: tuple[PaperId, ...] = ()
    """The first is with the printer, the others wait for it."""
    paper_at: int = 0
    pages: tuple[bytes, ...] = ()
    draft: Draft | None = None
    on_draft: bool = False
    """The draft is looked at, if there is one, and no paper."""
    busy: str = ""
    notice: Notice = NO_NOTICE

    @property
    def act(self) -> ActChoice | None:
        return self.acts[self.at] if self.at < len(self.acts) else None

    @property
    def shown_draft(self) -> Draft | None:
        return self.draft if self.on_draft else None

    @property
    def listed(self) -> PaperRow | None:
        """The issued paper that `pages` belong to."""
        return self.papers[self.paper_at] if self.paper_at < len(self.papers) else None

    @property
    def paper(self) -> PaperRow | None:
        """The issued paper that is looked at."""
        return self.listed if self.shown_draft is None else None


def hindrance(state: OutcomeState) -> str:
    """What the clerk has to do before the chosen act, as far as the screen can tell; empty: nothing."""
    choice = state.act
    if choice is None:
        return ""
    if choice.refusal:
        return choice.refusal
    if choice.needs_text and not state.text.strip():
        return "请写明理由，会原样印在文书上。"
    if choice.act is not Act.CORRECT:
        return ""
    if any(d.text == UNCHECKED for d in state.defects):
        return "还有收到的材料没有核对。补正只能告知一次：先核对完（无误按空格，不符按 X 写明），再告知。"
    if not state.defects:
        return "没有标出不符的材料。先在材料清单里按 X 写明缺什么、哪里不符。"
    return ""


def defects_of(materials: tuple[MaterialRow, ...]) -> tuple[Defect, ...]:
    """Complete list for the one-time notice: what is wrong as written, and what was not brought at all."""
    lines = [Defect(m.name, m.defect) for m in materials if m.state is MaterialState.DEFECTIVE]
    absent = (MaterialState.REQUIRED, MaterialState.PRESENTED)
    lines += [
        Defect(m.name, "没有提交" if m.state is MaterialState.REQUIRED else UNCHECKED)
        for m in missing(materials)
        if m.state in absent
    ]
    return tuple(lines)
