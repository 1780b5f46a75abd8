"""Missing libraries: installed where that is possible without asking, else one exact line and exit code 3."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import system_packages
from tools.messages import SetupFailed
from tools.system_packages import LIBRARIES, ensure_libraries, missing_packages, offer_test_programs


class FakeApt:
    """Records commands; `absent` packages cannot be installed."""

    def __init__(self, *absent: str) -> None:
        self.commands: list[list[str]] = []
        self.absent = absent

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(list(command))
        return 100 if any(package in command for package in self.absent) else 0

    def installed(self) -> list[str]:
        return [command[-1] for command in self.commands if "install" in command]


def _rights(monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    monkeypatch.setattr(system_packages, "may_install", lambda: allowed)


def test_each_package_is_named_once() -> None:
    assert missing_packages(lambda soname: soname.startswith("libg")) == sorted(
        {package for soname, package in LIBRARIES.items() if not soname.startswith("libg")}
    )
    assert missing_packages(lambda soname: not soname.startswith("libg")).count("libglib2.0-0") == 1


def test_a_complete_machine_needs_nothing() -> None:
    apt = FakeApt()
    ensure_libraries(missing_packages(lambda soname: True), apt)
    assert apt.commands == []


def test_an_absent_library_cannot_be_loaded() -> None:
    assert not system_packages.can_load("libno-such-thing.so.99")


def test_without_rights_one_exact_line_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _rights(monkeypatch, False)
    apt = FakeApt()
    with pytest.raises(SetupFailed) as failure:
        ensure_libraries(["libegl1", "libgl1"], apt)
    assert failure.value.exit_code == 3
    assert "sudo apt-get install -y --no-install-recommends libegl1 libgl1\n" in str(failure.value)
    assert apt.commands == []


def test_root_installs_without_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    _rights(monkeypatch, True)
    apt = FakeApt()
    ensure_libraries(["libegl1"], apt)
    assert ["update" in command for command in apt.commands] == [True, False]
    assert {"DEBIAN_FRONTEND=noninteractive", "-y", "--no-install-recommends"} <= set(apt.commands[1])


def test_a_failed_list_update_does_not_stop_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    _rights(monkeypatch, True)
    apt = FakeApt("update")
    ensure_libraries(["libegl1"], apt)
    assert apt.installed() == ["libegl1"]


def test_a_failed_installation_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    _rights(monkeypatch, True)
    with pytest.raises(SetupFailed, match="libegl1") as failure:
        ensure_libraries(["libegl1"], FakeApt("libegl1"))
    assert failure.value.exit_code == 3


def test_one_test_program_that_cannot_be_had_does_not_cost_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _rights(monkeypatch, True)
    lacking = ["chromium", "postgresql"]
    monkeypatch.setattr(system_packages, "missing_test_programs", lambda: list(lacking))
    apt = FakeApt("chromium")
    tried = tmp_path / "state" / "tried"
    offer_test_programs(tried, apt)
    assert apt.installed() == ["chromium", "postgresql"]
    assert "chromium" in capsys.readouterr().err
    # Nothing changed since: an offline machine does not wait for the same failure again.
    offer_test_programs(tried, apt)
    assert apt.installed() == ["chromium", "postgresql"]
    assert "sudo apt-get install" in capsys.readouterr().err
