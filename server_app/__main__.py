"""python -m server_app --data DIR: the hall node or the county centre, by what DIR/machine.json says."""

import argparse
import logging
import sys
from contextlib import ExitStack
from pathlib import Path

from server_app.main import build
from server_app.serving import listen, serve, told_address
from sync.folder_lock import CENTRE_SERVICE, NODE_SERVICE, FolderLock
from sync.join_file import read_join_file
from sync.starting import START_FAULTS, PortRefused, refused


def port_number(text: str) -> int:
    """Raises ValueError, which argparse tells."""
    found = int(text)
    if not 0 <= found <= 65535:
        raise ValueError(text)
    return found


def main() -> int:
    """Exit status 0; else that of sync.starting, with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="server_app")
    parser.add_argument("--data", type=Path, required=True, help="folder with machine.json and the journal")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=port_number, help="instead of the join file's")
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when standard input closes")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # a request line of the client to the centre says nothing that the link state does not
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with ExitStack() as held:
        try:
            join = read_join_file(chosen.data)
            program = CENTRE_SERVICE if join.role == "county" else NODE_SERVICE
            held.enter_context(FolderLock(chosen.data, program))
            sock = listen(chosen.host, join.port if chosen.port is None else chosen.port)
            app = build(join, chosen.data)
            held.enter_context(told_address(chosen.data, sock))
        except (PortRefused, *START_FAULTS) as exc:
            told = refused(exc)
            print(told.text, file=sys.stderr)  # noqa: T201
            return told.status
        serve(app, sock, join.node_id, exit_with_stdin=chosen.exit_with_stdin)
    return 0


if __name__ == "__main__":
    sys.exit(main())
