"""Hard day 6: a filing at a 24h terminal at night, the node switched off, and the terminal's power cut behind it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hall.calendar.opening import CHINA_TIME, filing_day
from hall.handouts import errand_receipt
from hall.intake import views as intake
from hall.journal.blobs import BlobStore
from hall.journal.refusal import Refusal
from hall.journal.sealing import open_blob
from hall.papers.compose_receipts import errand_receipt as errand_sheet
from hall.papers.wording import chinese_date
from hall.reference import load_reference
from tests.hall_day.county import county
from tests.hall_day.pc import Pc
from tests.hall_day.pc_process import SCRIPT, Told
from ui.resource_files import resource_path
from yichuang.failover.terminals import until

pytestmark = pytest.mark.system

WORDS = "因为古丽·示例甲家里有急事，夜里来交"


def test_what_is_handed_in_at_night_is_taken_in_the_morning(tmp_path: Path) -> None:
    ref = load_reference(resource_path(), "changji")
    with county(tmp_path, changji=["counter1", "kiosk1"]) as (site, held):
        hall = site.halls["changji"]
        node, kiosk = hall.node, hall.terminal("kiosk1")
        site.start(site.centre, node)
        pc = Pc(hall.terminal("counter1"), ref).in_touch()
        terminal = Told(site.run(kiosk, SCRIPT))
        terminal.do("in_touch")
        case = pc.received()
        pc.at.correct(case)
        until(lambda: site.owners(case) == [node.name], "it waits at the node")
        no = pc.no(case)
        until(lambda: pc.all_sent, "everything was told")
        written = set(pc.written)
        pc.close()
        site.end(node)

        # night: nobody answers; what the citizen files is on the terminal's disk before the receipt comes out
        real = pc.at.day
        at = datetime.combine(real, datetime.min.time(), CHINA_TIME) + timedelta(hours=23)
        both = filing_day(at, ref.profile.hours, ref.calendar)
        assert both.differs
        errand = terminal.do("files_at_night", no, both.counted.isoformat(), WORDS)
        site.kill(kiosk)
        for path in kiosk.folder.rglob("*"):
            assert not path.is_file() or WORDS.encode() not in path.read_bytes(), path.name

        # morning
        site.start(node)
        again = Told(site.run(kiosk, SCRIPT))
        again.do("in_touch")
        pc = Pc(hall.terminal("counter1"), ref).in_touch()
        held.callback(pc.close)
        until(lambda: pc.state(case) == "received", "taken by the case's owner")
        with pc.store.read() as conn:
            row = intake.errand_by_id(conn, errand)
            receipt = errand_receipt(conn, ref, row, intake.case_by_no(conn, row.case_no))
            (page,) = intake.pages_of(conn, errand)
        assert (row.state, row.granted, row.reason) == ("answered", True, WORDS)
        assert (receipt.head.date, receipt.counted_from) == (real, both.counted), "both dates on the receipt"
        assert f"办理期限自{chinese_date(both.counted)}起算" in str(errand_sheet(receipt))
        blobs = BlobStore(node.folder / "blobs")
        until(lambda: blobs.has(page.image), "the scan has come, too")
        key = pc.store.write(lambda ledger: ledger.data_key(errand))
        assert open_blob(key, blobs.open(page.image)) == WORDS.encode()
        site.end(kiosk)
        reads = Pc(kiosk, ref)
        held.callback(reads.close)
        with pytest.raises(Refusal, match="无权读取"):
            reads.store.write(lambda ledger: ledger.data_key(errand))
        pc.take(case)
        pc.at.check_all(case)
        pc.at.accept(case)
        pc.at.dispatch(case)
        until(lambda: pc.all_sent, "everything was told")
        written |= pc.written | terminal.written | again.written
        site.until_told(written, but=(kiosk,))
        held.close()
        site.prove_whole(written=written, but=(kiosk,))
