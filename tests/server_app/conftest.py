from collections.abc import Iterator
from pathlib import Path

import pytest

from server_app.main import Loaded, load
from tests.server_app.site import Site


@pytest.fixture(scope="session")
def loaded() -> dict[str, Loaded]:
    """The resource files, read once for all tests."""
    return {role: load(role, "changji") for role in ("hall", "county")}


@pytest.fixture
def site(tmp_path: Path, loaded: dict[str, Loaded]) -> Iterator[Site]:
    one = Site(tmp_path, loaded=loaded)
    yield one
    one.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_site(request: pytest.FixtureRequest, tmp_path: Path, loaded: dict[str, Loaded]) -> Iterator[Site]:
    """A county whose centre keeps its journal in a file, and one with PostgreSQL."""
    url = request.getfixturevalue("pg_url") if request.param == "postgresql" else None
    one = Site(tmp_path, centre_url=url, loaded=loaded)
    yield one
    one.close()
