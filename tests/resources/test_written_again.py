"""The committed resource files are what the tools write from the transcription, byte for byte."""

import json
from pathlib import Path

import pytest

from hall.catalogue.loading import HALL_CODES, load_hall_catalogue, resources_dir
from tools import import_seed_data, make_calendar, make_demo_people

RESOURCES = resources_dir()
SEED_DATA = Path(__file__).resolve().parent / "seeds_data.yaml"


def test_profiles_packages_and_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["import_seed_data", "--seeds-data", str(SEED_DATA), "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", arguments)
    import_seed_data.main()
    assert "guides" in capsys.readouterr().out
    written = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.json"))
    assert len(written) == 9
    for path in written:
        assert (tmp_path / path).read_bytes() == (RESOURCES / path).read_bytes(), path


@pytest.mark.parametrize("code", HALL_CODES)
def test_demo_people(code: str) -> None:
    catalogue = load_hall_catalogue(RESOURCES, code)
    departments = sorted({item.department for item in catalogue.items})
    kept = json.loads((RESOURCES / "halls" / "people" / f"{code}.json").read_text(encoding="utf-8"))
    assert kept["staff"] == make_demo_people.staff(catalogue.profile, departments)
    assert kept["authorisations"] == make_demo_people.letters(catalogue.profile, departments)


def test_national_calendar() -> None:
    kept = json.loads((RESOURCES / "calendar" / "national.json").read_text(encoding="utf-8"))
    assert kept["days"] == make_calendar.national_days()
