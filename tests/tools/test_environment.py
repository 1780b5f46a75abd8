"""The environment is built once, again when the lock changes, and from nothing after an interruption."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tools import environment
from tools.environment import Places, fill_wheels, find_uv, is_ready, keep_bytecode, make_ready
from tools.messages import SetupFailed


class FakeUv:
    """Does on disk what uv does: `venv` links the interpreter, `pip sync` succeeds; can be told to fail."""

    def __init__(self, *, fail_on: str = "") -> None:
        self.commands: list[list[str]] = []
        self.mirrors: list[str | None] = []
        self.fail_on = fail_on

    def __call__(self, command: Sequence[str], variables: Mapping[str, str]) -> int:
        self.commands.append(list(command))
        self.mirrors.append(variables.get("UV_DEFAULT_INDEX"))
        if self.fail_on and self.fail_on in command:
            return 1
        if "venv" in command:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.symlink_to(sys.executable)
        return 0

    def verbs(self) -> list[str]:
        return ["venv" if "venv" in command else "sync" for command in self.commands]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "all.txt").write_text("a==1\n")
    # A uv that answers, and a machine that says nothing of mirrors.
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 0\n")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment, "_mirror_of_pip", lambda: "")
    return Places(tmp_path)


def test_the_first_run_builds_and_the_second_has_nothing_to_do(places: Places) -> None:
    uv = FakeUv()
    assert not is_ready(places)
    make_ready(places, uv)
    assert uv.verbs() == ["venv", "sync"]
    assert is_ready(places)
    make_ready(places, uv)
    assert uv.verbs() == ["venv", "sync"]


def test_packages_are_taken_by_hash_and_never_built(places: Places) -> None:
    uv = FakeUv()
    make_ready(places, uv)
    assert {"--require-hashes", "--no-build", "--compile-bytecode"} <= set(uv.commands[-1])


def test_a_changed_lock_updates_without_rebuilding(places: Places) -> None:
    uv = FakeUv()
    make_ready(places, uv)
    places.lock.write_text("a==2\n")
    assert not is_ready(places)
    make_ready(places, uv)
    assert uv.verbs() == ["venv", "sync", "sync"]
    assert is_ready(places)


@pytest.mark.parametrize("step", ["venv", "sync"])
def test_an_environment_left_unfinished_is_built_from_nothing(places: Places, step: str) -> None:
    with pytest.raises(SetupFailed):
        make_ready(places, FakeUv(fail_on=step))
    assert not is_ready(places)
    rubbish = places.venv / "half-a-package"
    rubbish.parent.mkdir(exist_ok=True)
    rubbish.touch()
    uv = FakeUv()
    make_ready(places, uv)
    assert uv.verbs() == ["venv", "sync"]
    assert not rubbish.exists()
    assert is_ready(places)


def test_an_interrupted_update_is_not_taken_for_a_finished_one(places: Places) -> None:
    make_ready(places, FakeUv())
    places.unfinished.touch()
    assert not is_ready(places)
    uv = FakeUv()
    make_ready(places, uv)
    assert uv.verbs() == ["venv", "sync"]


def test_a_vanished_interpreter_is_seen(places: Places) -> None:
    make_ready(places, FakeUv())
    places.python.unlink()
    places.python.symlink_to("gone")
    assert not is_ready(places)
    uv = FakeUv()
    make_ready(places, uv)
    assert uv.verbs() == ["venv", "sync"]


def test_wheels_in_the_folder_are_used_instead_of_the_network(places: Places) -> None:
    places.wheels.mkdir()
    (places.wheels / "a-1-py3-none-any.whl").touch()
    uv = FakeUv()
    make_ready(places, uv)
    sync = uv.commands[-1]
    assert sync[sync.index("--no-index") :][:3] == ["--no-index", "--find-links", str(places.wheels)]


def test_an_empty_wheels_folder_means_network(places: Places) -> None:
    places.wheels.mkdir()
    uv = FakeUv()
    make_ready(places, uv)
    assert "--no-index" not in uv.commands[-1]


def test_the_mirror_of_the_machines_pip_is_used_by_uv(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(places.root), prepend=":")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    uv = FakeUv()
    make_ready(places, uv)
    assert set(uv.mirrors) == {"https://mirror.example/simple"}


def test_without_uv_it_is_fetched_beside_the_project_by_hash(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    commands: list[list[str]] = []

    def pip(command: Sequence[str], _: Mapping[str, str]) -> int:
        commands.append(list(command))
        places.own_uv.parent.mkdir(parents=True)
        places.own_uv.write_text("#!/bin/sh\n")
        places.own_uv.chmod(0o755)
        return 0

    assert find_uv(places, pip) == str(places.own_uv)
    assert find_uv(places, pip) == str(places.own_uv)
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]
    assert commands[0][commands[0].index("--target") + 1] == str(places.uv_folder)


def test_uv_that_cannot_be_fetched_is_said(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SetupFailed, match="wheels"):
        find_uv(places, lambda command, variables: 1)


def test_filling_wheels_stops_at_the_first_failure(places: Places) -> None:
    calls: list[Sequence[str]] = []

    def pip(command: Sequence[str], _: Mapping[str, str]) -> int:
        calls.append(command)
        return 7

    assert fill_wheels(places, pip) == 7
    assert len(calls) == 1


def test_our_packages_are_compiled_again_when_a_source_changes(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    make_ready(places, FakeUv())
    for package in ("hall", "tests"):
        (places.root / package).mkdir()
        (places.root / package / "__init__.py").write_text("a = 1\n")
    keep_bytecode(places)
    (compiled,) = (places.root / "hall" / "__pycache__").iterdir()
    assert not (places.root / "tests" / "__pycache__").exists()
    before = compiled.read_bytes()
    source = places.root / "hall" / "__init__.py"
    source.write_text("a = 1234\n")
    os.utime(source, (0, 0))
    keep_bytecode(places)
    assert compiled.read_bytes() != before


def test_a_folder_that_cannot_be_compiled_is_no_fault(
    places: Places, capfd: pytest.CaptureFixture[str]
) -> None:
    make_ready(places, FakeUv())
    capfd.readouterr()
    (places.root / "hall").mkdir()
    (places.root / "hall" / "__init__.py").write_text("not python\n")
    keep_bytecode(places)
    assert capfd.readouterr() == ("", "")
