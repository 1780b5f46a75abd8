"""`./run yichuang …`: the command line for hall IT."""

import sys

from hall.catalogue.loading import CatalogueFileError
from yichuang.cli import make_app
from yichuang.machines import BadData


def main() -> None:
    try:
        make_app()()
    except (BadData, CatalogueFileError) as exc:
        sys.stderr.write(f"{exc}\n")
        raise SystemExit(2) from exc


if __name__ == "__main__":
    main()
