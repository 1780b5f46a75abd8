"""The tables of release 0.1.0."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

HELD = sa.text("verdict = 'held'")


def upgrade() -> None:
    _journal()
    _queueing()
    _intake()
    _review()
    _delivery()
    _feedback()


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=null)


def _int(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=null)


def _big(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _bool(name: str, *, null: bool = False, default: Any = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=null, server_default=default)


def _blob(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=null)


def _journal() -> None:
    op.create_table(
        "record",
        sa.Column("pos", sa.BigInteger, nullable=False, autoincrement=False), _text("origin"), _text("inc"),
        _big("seq"), _text("id"), _text("dossier"), _big("n"), _text("token"), _text("type"),
        _text("scope"), _big("wall_ms"), _blob("h"), _blob("raw"), _text("verdict"),
        sa.PrimaryKeyConstraint("pos"), sa.UniqueConstraint("id"),
        sa.UniqueConstraint("origin", "inc", "seq", name="uq_record_chain"),
        comment="Every record this machine has written or received, in the order it came.",
    )  # fmt: skip
    op.create_index("ix_record_dossier", "record", ["dossier", "n"])
    op.create_index(
        "ix_record_held", "record", ["dossier", "n", "pos"], sqlite_where=HELD, postgresql_where=HELD
    )
    op.create_index("ix_record_scope", "record", ["scope", "pos"])
    op.create_table(
        "chain_head",
        _text("origin"), _text("inc"), _big("seq"), _blob("h"), sa.PrimaryKeyConstraint("origin", "inc"),
        comment="Last record stored of each chain: the parent's contiguous watermark.",
    )  # fmt: skip
    op.create_table(
        "dossier",
        _text("id"), _text("kind"), _text("scope"), _text("owner"), _text("token"), _big("n"),
        _text("offered_to", null=True), sa.PrimaryKeyConstraint("id"),
        comment="Who owns each dossier, by which token, and to whom it is offered. Rebuilt from records.",
    )  # fmt: skip
    op.create_index("ix_dossier_offer", "dossier", ["owner", "offered_to"])
    op.create_table(
        "dossier_key",
        _text("dossier"), _blob("wrap_hall"), _blob("wrap_centre"), _blob("data_key", null=True),
        sa.PrimaryKeyConstraint("dossier"),
        comment="Wraps travel beside the records; data_key only where this machine may read.",
    )  # fmt: skip
    op.create_table(
        "blob_ref",
        _text("digest"), _text("dossier"), sa.PrimaryKeyConstraint("digest"),
        comment="Blobs that accepted records name. Rebuilt from records.",
    )  # fmt: skip
    op.create_table(
        "command_log",
        _text("command_id"), _big("position"), sa.PrimaryKeyConstraint("command_id", "position"),
        comment="Which records a command made. Rebuilt from records.",
    )  # fmt: skip
    op.create_table(
        "late",
        _text("id"), _text("dossier"), _text("verdict"), _text("why", null=True),
        sa.PrimaryKeyConstraint("id"),
        comment="Records of a former owner that came after a seizure: waiting, adopted or rejected.",
    )  # fmt: skip
    op.create_table(
        "closed_chain",
        _text("record"), _text("inc"), _text("origin"), _big("seq"), _text("dossier"),
        sa.PrimaryKeyConstraint("record", "inc"),
        comment="Machines lost for good, and up to where their chains count. Rebuilt from records.",
    )  # fmt: skip
    op.create_index("ix_closed_chain_origin", "closed_chain", ["origin"])
    op.create_table(
        "tail_word",
        _text("record"), _text("origin"), _text("about"), _bool("adopted"), _text("why"), _text("dossier"),
        sa.PrimaryKeyConstraint("record"),
        comment="What a person said of a closed machine's tail in the dossier `about`. Rebuilt from records.",
    )  # fmt: skip
    op.create_index("ix_tail_word_about", "tail_word", ["about", "origin"])
    op.create_table(
        "quarantine",
        _int("no"), _text("source"), _text("code"), _blob("raw"), sa.PrimaryKeyConstraint("no"),
        comment="Bytes that could not be a record, or a second record under a known name. Never dropped.",
    )  # fmt: skip
    op.create_table(
        "machine",
        _int("one"), _text("node_id"), _text("inc"), _text("role"), _text("hall"),
        _bool("settled", default=sa.true()), _bool("suspect", default=sa.false()),
        sa.PrimaryKeyConstraint("one"), comment="Who this machine is; one row.",
    )  # fmt: skip
    op.create_table(
        "watermark",
        _text("origin"), _text("inc"), _big("held_parent"), _big("held_root"),
        sa.PrimaryKeyConstraint("origin", "inc"),
        comment="What the parent and the root have said they hold of each chain.",
    )  # fmt: skip
    op.create_table(
        "feed_place",
        _text("scope"), _text("handle"), _big("pos"), sa.PrimaryKeyConstraint("scope"),
        comment="How far this machine has read its parent's feed.",
    )  # fmt: skip
    op.create_table(
        "receipt",
        _text("origin"), _text("inc"), _big("seq"), _blob("signed"),
        sa.PrimaryKeyConstraint("origin", "inc", "seq"),
        comment="The parent's signed word that it holds a chain up to seq.",
    )  # fmt: skip
    op.create_table(
        "ask",
        _text("id"), _text("dossier"), _text("asker"), _text("actor"), _bool("open"),
        sa.PrimaryKeyConstraint("id"),
        comment="Wishes to take a dossier from an owner below; told with every answer until it has moved.",
    )  # fmt: skip
    op.create_table(
        "blob_sent",
        _text("digest"), sa.PrimaryKeyConstraint("digest"),
        comment="Blobs that the parent has confirmed with their digest.",
    )  # fmt: skip


def _queueing() -> None:
    op.create_table(
        "ticket",
        _text("dossier"), _text("number"), _text("series"), _int("seq"), _text("business_day"),
        _text("queue"), _text("queue_name"), _text("matter"), _text("item_id", null=True),
        _text("priority"), _text("source"), _text("device"), _bool("away"), _text("appointment", null=True),
        _text("state"), _int("window", null=True), _text("window_name", null=True),
        _text("staff", null=True), _int("calls"), _int("epoch"), _bool("on_top"), _bool("forwarded"),
        _bool("reactivated"), _int("legs"), _text("session", null=True), _text("outcome", null=True),
        _big("issued_ms"), _big("since_ms"), _big("called_ms", null=True), _big("started_ms", null=True),
        _big("missed_ms", null=True), _big("ended_ms", null=True), sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_ticket_number", "ticket", ["business_day", "series", "seq"])
    op.create_index("ix_ticket_session", "ticket", ["session"])
    op.create_index("ix_ticket_waiting", "ticket", ["state", "queue", "business_day"])
    op.create_table(
        "visit",
        _text("dossier"), _text("ticket"), _text("number"), _int("window"), _text("staff"),
        _text("session"), _text("outcome", null=True), _big("started_ms"), _big("ended_ms", null=True),
        sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_visit_ticket", "visit", ["ticket"])
    op.create_table(
        "ticket_request",
        _text("dossier"), _text("request"), _text("queue"), _text("matter"), _text("item_id", null=True),
        _text("priority"), _big("at_ms"), sa.PrimaryKeyConstraint("dossier", "request"),
        comment="Numbers that kiosks asked for and that nobody has yet; a row goes when its request ends.",
    )  # fmt: skip
    op.create_table(
        "slip_begun",
        _text("dossier"), _text("ticket"), _text("number"), _bool("reprint"), _big("at_ms"),
        sa.PrimaryKeyConstraint("dossier", "ticket"),
        comment="Slips in the printer; a row goes when it is known, or known to be unknown, what came out.",
    )  # fmt: skip
    op.create_table(
        "slip",
        _text("record"), _text("dossier"), _text("ticket"), _text("number"), _text("result"),
        _bool("reprint"), _big("at_ms"), sa.PrimaryKeyConstraint("record"),
    )  # fmt: skip
    op.create_index("ix_slip_ticket", "slip", ["ticket"])
    op.create_table(
        "window_state",
        _text("dossier"), _int("window"), _text("window_name"), _text("terminal"), _text("state"),
        _text("staff"), _text("staff_name"), _text("queues"), _text("reason", null=True), _big("since_ms"),
        sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_table(
        "voided_number",
        _text("record"), _text("dossier"), _text("ticket", null=True), _text("series"), _int("beyond"),
        _text("business_day"), _text("machine_name"), sa.PrimaryKeyConstraint("record"),
        comment="Numbers of machines lost for good; without a ticket: all of the series behind `beyond`.",
    )  # fmt: skip
    op.create_index("ix_voided_number_day", "voided_number", ["business_day"])
    op.create_table(
        "business_day",
        _text("record"), _text("dossier"), _text("business_day"), _int("epoch"), _big("at_ms"),
        sa.PrimaryKeyConstraint("record"),
    )  # fmt: skip


def _intake() -> None:
    op.create_table(
        "case_file",
        _text("dossier"), _text("case_no"), _text("state"), _text("item_id"), _text("item_name"),
        _text("item_facts"), _text("item_type"), _text("case_type"), _text("department"), _text("desk"),
        _bool("sample"), _text("channel"), _text("intake_mode"), _text("ticket", null=True),
        _text("session", null=True), _int("window", null=True), _text("intake_staff"),
        _text("business_day"), _text("package", null=True), _text("applicant_kind", null=True),
        _text("applicant_name", null=True), _text("cert_type", null=True), _text("cert_no", null=True),
        _text("phone", null=True), _text("address", null=True), _text("legal_representative", null=True),
        _text("applicant_source", null=True), _text("agent_name", null=True),
        _text("agent_cert_no", null=True), _text("agent_phone", null=True),
        _text("agent_relation", null=True), _bool("mandate", null=True), _text("answers"),
        _bool("prechecked"), _text("received_on", null=True), _text("counted_from", null=True),
        _text("accepted_on", null=True), _text("accept_mode", null=True), _text("due", null=True),
        _text("statutory_due", null=True), _bool("provisional"), _int("rounds"),
        _text("return_by", null=True), _text("officer", null=True), _text("closed_on", null=True),
        _text("decided_on", null=True), _big("opened_ms"), _big("changed_ms"),
        sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_case_cert", "case_file", ["cert_no"])
    op.create_index("ix_case_name", "case_file", ["applicant_name"])
    op.create_index("ix_case_no", "case_file", ["case_no"])
    op.create_index("ix_case_package", "case_file", ["package"])
    op.create_index("ix_case_session", "case_file", ["session"])
    op.create_index("ix_case_state", "case_file", ["state", "desk"])
    op.create_index("ix_case_ticket", "case_file", ["ticket"])
    op.create_table(
        "material",
        _text("dossier"), _text("material"), _int("no"), _text("name"), _text("facts"), _bool("required"),
        _text("state"), _text("form", null=True), _int("copies"), _text("original_place", null=True),
        _text("defect", null=True), sa.PrimaryKeyConstraint("dossier", "material"),
    )  # fmt: skip
    op.create_table(
        "page",
        _text("dossier"), _text("page"), _text("material"), _int("no"), _text("image"),
        _text("plain_sha256"), _int("width_px"), _int("height_px"), _int("dpi"), _bool("removed"),
        _big("at_ms"), sa.PrimaryKeyConstraint("dossier", "page"),
    )  # fmt: skip
    op.create_table(
        "case_act",
        _text("record"), _text("dossier"), _text("kind"), _text("actor"), _big("at_ms"),
        _text("on_day", null=True), _text("document_no", null=True), _text("in_name_of", null=True),
        _text("detail"), sa.PrimaryKeyConstraint("record"),
        comment="Acts that a paper or the trace shows; detail is JSON.",
    )  # fmt: skip
    op.create_index("ix_case_act", "case_act", ["dossier", "at_ms"])
    op.create_table(
        "errand",
        _text("dossier"), _text("kind"), _text("case_no"), _text("case_dossier", null=True), _text("state"),
        _int("window", null=True), _text("staff"), _text("ticket", null=True), _text("session", null=True),
        _text("reason", null=True), _text("handed_in_on", null=True), _bool("granted", null=True),
        _text("why", null=True), _big("opened_ms"), sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_errand_case", "errand", ["case_no", "state"])
    op.create_table(
        "package_case",
        _text("dossier"), _int("package_no"), _int("version"), _text("name"), _text("lead"),
        _text("case_no"), _text("answers"), _bool("test"), _text("round_closed_on", null=True),
        _text("document_no", null=True), _big("opened_ms"), sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_package_no", "package_case", ["case_no"])
    op.create_table(
        "package_child",
        _text("dossier"), _text("case_dossier"), _int("no"), _text("item_id"), _text("item_name"),
        _text("department"), _text("waits_for"), _bool("filed"), _text("defects"),
        sa.PrimaryKeyConstraint("dossier", "case_dossier"),
    )  # fmt: skip
    op.create_index("ix_package_child_case", "package_child", ["case_dossier"])
    op.create_table(
        "document_number",
        _text("record"), _text("dossier"), _text("organ"), _text("kind"), _int("year"), _int("n"),
        _text("text"), _text("for_case"), sa.PrimaryKeyConstraint("record"),
    )  # fmt: skip
    op.create_index("ix_number_series", "document_number", ["organ", "kind", "year", "n"])
    op.create_table(
        "paper_print",
        _text("dossier"), _text("paper"), _text("result"), _bool("out"), _big("at_ms"),
        sa.PrimaryKeyConstraint("dossier", "paper"),
        comment="The last that a machine's printer said of a paper, and whether it ever came out.",
    )  # fmt: skip
    op.create_index("ix_paper_print", "paper_print", ["paper"])


def _review() -> None:
    op.create_table(
        "special_procedure",
        _text("record"), _text("dossier"), _text("kind"), _text("reason"), _int("need_days"),
        _text("started_on"), _text("ended_on", null=True), _text("result", null=True),
        _text("document_no", null=True), sa.PrimaryKeyConstraint("record"),
    )  # fmt: skip
    op.create_index("ix_special_case", "special_procedure", ["dossier"])
    op.create_table(
        "extension",
        _text("record"), _text("dossier"), _int("days"), _text("reason"), _text("approver"), _big("at_ms"),
        sa.PrimaryKeyConstraint("record"),
    )  # fmt: skip
    op.create_index("ix_extension_case", "extension", ["dossier"])


def _delivery() -> None:
    op.create_table(
        "delivery",
        _text("dossier"), _text("case_dossier"), _text("case_no"), _text("department"), _text("item_id"),
        _text("item_name"), _text("result_name"), _bool("granted"), _text("decision_no", null=True),
        _bool("sample"), _text("applicant_name", null=True), _text("applicant_cert_no", null=True),
        _text("agent_name", null=True), _text("agent_cert_no", null=True), _text("phone", null=True),
        _text("state"), _text("place", null=True), _bool("checked"), _text("channel", null=True),
        _text("handed_on", null=True), _int("window", null=True), _text("staff", null=True),
        _text("receiver_name", null=True), _text("receiver_cert_no", null=True),
        _bool("as_agent", null=True), _text("document_no", null=True), _text("result_no", null=True),
        _text("signature", null=True), _text("box", null=True), _text("waybill", null=True),
        _big("opened_ms"), _big("changed_ms"),
        sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_delivery_case", "delivery", ["case_dossier"])
    op.create_index("ix_delivery_no", "delivery", ["case_no"])
    op.create_index("ix_delivery_state", "delivery", ["state"])


def _feedback() -> None:
    op.create_table(
        "rating",
        _text("dossier"), _text("session"), _int("service_no"), _text("service_name"),
        _text("ticket", null=True), _text("number", null=True), _text("case_dossier", null=True),
        _text("case_no", null=True), _text("item_id", null=True), _int("window", null=True),
        _text("staff", null=True), _text("business_day"), _text("state"), _int("level", null=True),
        _text("reasons", null=True), _text("text", null=True), _text("channel", null=True),
        _bool("anonymous", null=True), _big("requested_ms"), _big("ended_ms", null=True),
        sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_rating_case", "rating", ["case_dossier"])
    op.create_index("ix_rating_service", "rating", ["session", "service_no"])
    op.create_index("ix_rating_ticket", "rating", ["ticket"])
    op.create_table(
        "rectification",
        _text("dossier"), _text("rating"), _text("case_no", null=True), _int("window", null=True),
        _text("verify_by"), _text("state"), _text("note", null=True), _big("changed_ms"),
        sa.PrimaryKeyConstraint("dossier"),
    )  # fmt: skip
    op.create_index("ix_rectification_rating", "rectification", ["rating"])
