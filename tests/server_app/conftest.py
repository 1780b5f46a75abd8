from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server_app.postgres import cluster, new_database
from tests.server_app.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    one = Site(tmp_path)
    yield one
    one.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A county whose centre keeps its journal in a file, and one with PostgreSQL."""
    url = None
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"), "yc_centre")
    one = Site(tmp_path, centre_url=url)
    yield one
    one.close()
