"""python -m server_app --data DIR: the hall node or the county centre, by what DIR/machine.json says."""

import argparse
import logging
import sys
from pathlib import Path

from hall.calendar.loading import CalendarFileError
from hall.catalogue.loading import CatalogueFileError
from hall.journal.refusal import StoreFault
from hall.people.loading import PeopleFileError
from server_app.main import build
from server_app.serving import listen, serve
from sync.join_file import BadJoinFile, read_join_file


def main() -> int:
    parser = argparse.ArgumentParser(prog="server_app")
    parser.add_argument("--data", type=Path, required=True, help="folder with machine.json and the journal")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, help="instead of the join file's")
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when standard input closes")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # a request line of the client to the centre says nothing that the link state does not
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        join = read_join_file(chosen.data)
        sock = listen(chosen.host, join.port if chosen.port is None else chosen.port)
        app = build(join, chosen.data)
    except (BadJoinFile, StoreFault) as exc:
        print(exc.text, file=sys.stderr)  # noqa: T201
        return 2
    except (CatalogueFileError, CalendarFileError, PeopleFileError, OSError) as exc:
        print(f"不能启动：{exc}", file=sys.stderr)  # noqa: T201
        return 2
    serve(app, sock, join.node_id, exit_with_stdin=chosen.exit_with_stdin)
    return 0


if __name__ == "__main__":
    sys.exit(main())
