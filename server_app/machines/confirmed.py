"""Which life of a doubled machine goes on, kept over a restart of the service and known to both nodes of a pair."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from hall.journal import envelope, schema
from hall.journal.admission import Verdict
from hall.journal.facts import MachineConfirmed
from hall.journal.machine import machine_dossier_id
from hall.journal.projection import Recorded
from hall.journal.store import Store
from sync.greeting import Greeter


def follow_confirmations(store: Store, greeter: Greeter, nodes: Collection[str]) -> None:
    """Tell the greeter what managers have confirmed at one of `nodes`, ever and from now on."""

    def heard(records: Sequence[Recorded]) -> None:
        for each in records:
            if isinstance(each.event, MachineConfirmed) and each.env.origin in nodes:
                greeter.confirm(each.event.machine, each.event.inc)

    store.subscribe(heard)
    t = schema.record.c
    query = select(t.raw).order_by(t.pos).where(
        t.dossier.in_([machine_dossier_id(node) for node in nodes]), t.type == MachineConfirmed.TYPE,
        t.verdict == Verdict.ACCEPTED.value,
    )  # fmt: skip
    with store.read() as conn:
        told = [envelope.parse(bytes(raw)).data for raw in conn.scalars(query)]
    for data in told:
        greeter.confirm(str(data["machine"]), str(data["inc"]))
