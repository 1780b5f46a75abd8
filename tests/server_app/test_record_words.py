"""Every kind of record has a name that people can read."""

from hall.assembly import event_types
from server_app.machines.wording import record_zh


def test_no_record_is_shown_by_its_code() -> None:
    assert [name for name in event_types().names() if record_zh(name).isascii()] == []
