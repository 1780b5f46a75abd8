"""What the demo leaves behind: ticket, papers, scans and the trace, made from the closed journals."""

import json
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy import Connection, select

from hall import handouts, paperwork
from hall.catalogue.loading import resources_dir
from hall.catalogue.scenario import ScenarioRefused
from hall.intake import views as intake
from hall.intake.model import CaseState
from hall.intake.tables import case_file
from hall.intake.views import CaseRow
from hall.journal import schema
from hall.journal.blobs import BlobStore
from hall.journal.sealing import open_blob
from hall.papers.content import Paper
from hall.papers.faces import FontSet
from hall.papers.press import PaperPress
from hall.reference import Reference, load_reference
from hall.supervision.trace import trace
from yichuang.machines import find_machines, join_of, reading, trace_json

PAPERS = {
    "received": "receipt",
    "accepted": "acceptance",
    "correction": "correction",
    "granted": "decision",
    "denied": "decision",
    "delivered": "delivery",
}


_MARGIN_PX = 32
"""4 mm at 203 dpi."""


def keep_ticket(out: Path) -> None:
    """The first slip as its printer drew it from the bytes that arrived. Raises FileNotFoundError."""
    slips = sorted((out / "printer").glob("ticket-*.png"))
    if not slips:
        raise FileNotFoundError("no slip was printed")
    with Image.open(slips[0]) as slip:
        # the head prints 72 mm of 80 mm paper: what it cannot reach is the slip's margin
        ImageOps.expand(slip.convert("L"), _MARGIN_PX, fill=255).save(out / "ticket.png")


def keep_papers(data: Path, out: Path) -> None:
    """One paper of each kind, the notice of the first item, and one case's scans. Raises LookupError."""
    # of two nodes the second: it took the place of the first in mid-day, and has all pictures
    node = [f for f in find_machines(data) if join_of(f).role == "hall"][-1]
    ref = load_reference(resources_dir(), join_of(node).hall)
    press = PaperPress(FontSet.in_folder(resources_dir() / "fonts"))
    with reading(node) as conn:
        cases = [
            row
            for case in conn.scalars(select(case_file.c.dossier).order_by(case_file.c.opened_ms))
            if (row := intake.case_by_id(conn, case)) is not None
        ]
        (out / "notice.pdf").write_bytes(press.render(_notice(ref, cases)))
        made: dict[str, bytes] = {}
        for row in cases:
            for name in paperwork.papers_of(conn, row):
                target = PAPERS.get(name.kind)
                if target is not None and target not in made:
                    made[target] = press.render(paperwork.make_paper(conn, ref, row, name))
        for target, pdf in made.items():
            (out / f"{target}.pdf").write_bytes(pdf)
        due = set(PAPERS.values())
        if not any(row.state is CaseState.DELIVERED for row in cases):
            # a hall whose letters grant no ISSUE hands nothing over
            due.remove("delivery")
        if not any(row.decided_on for row in cases):
            due.remove("decision")
        if due - set(made):
            raise LookupError(f"papers that no case gave: {sorted(due - set(made))}")
        blobs = BlobStore(node / "blobs")
        best = max(cases, key=lambda c: len(intake.pages_of(conn, c.id)))
        file = handouts.materials_file(
            conn, ref, best, lambda p: open_blob(_key_of(conn, p.image), blobs.open(p.image))
        )
    (out / "materials.pdf").write_bytes(press.materials(file))


def _key_of(conn: Connection, image: str) -> bytes:
    """The key of the dossier that named the picture first: a page brought later keeps its errand's key."""
    ref, key = schema.blob_ref.c, schema.dossier_key.c
    found = conn.scalar(
        select(key.data_key)
        .join(schema.blob_ref, ref.dossier == key.dossier)
        .where(ref.digest == image, key.data_key.is_not(None))
    )
    if found is None:
        raise LookupError("a page without a key")
    return bytes(found)


def _notice(ref: Reference, cases: list[CaseRow]) -> Paper:
    """一次性告知清单 of the first case's item, for the answers that were given."""
    for row in cases:
        item = ref.catalogue.by_id.get(row.item.id)
        if item is None or item.guide is None:
            continue
        try:
            answers = {a.question: a.option for a in row.answers}
            return handouts.one_time_notice(ref, item, answers, row.business_day)
        except ScenarioRefused:
            continue
    raise LookupError("no item with a notice")


def keep_trace(data: Path, out: Path) -> None:
    """The longest chain: from the number to the rating. Raises LookupError."""
    centre = find_machines(data)[0]
    names = {join_of(f).node_id: f.name for f in find_machines(data)}
    with reading(centre) as conn:
        cases = conn.scalars(select(case_file.c.dossier)).all()
        found = [trace(conn, case) for case in cases]
    if not found:
        raise LookupError("no case at the centre")
    best = max(found, key=lambda t: (len(t.stages), len(t.lines)))
    text = json.dumps(trace_json(best, centre.name, names), ensure_ascii=False, indent=1)
    (out / "trace.json").write_text(text, encoding="utf-8")
