"""`./run`: tasks, exit codes, and the environment that a task is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tools import bootstrap, checks
from tools.messages import SetupFailed


def _run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, YICHUANG_PYTHON=sys.executable)
    return subprocess.run(
        [str(ROOT / "run"), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="run is for POSIX shells; Windows has run.cmd")
def test_help_works_from_any_folder_and_lists_every_task(tmp_path: Path) -> None:
    answer = _run("--help", cwd=tmp_path)
    assert answer.returncode == 0
    assert answer.stderr == ""
    for task in (*bootstrap.MODULES, "setup", "wheels", "lock"):
        assert f"\n  {task} " in answer.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="run is for POSIX shells; Windows has run.cmd")
def test_an_unknown_task_is_refused_on_standard_error() -> None:
    answer = _run("dmeo")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "./run" in answer.stderr


def test_what_the_machine_lacks_ends_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacks(*_: object, **__: object) -> None:
        raise SetupFailed("缺少系统库", "libraries are missing", exit_code=3)

    monkeypatch.setattr(bootstrap, "prepare", lacks)
    assert bootstrap.main(["demo"]) == 3
    assert capsys.readouterr() == ("", "缺少系统库 / libraries are missing\n")


def test_a_full_disk_is_said_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bootstrap, "prepare", full)
    assert bootstrap.main(["demo"]) == 1
    assert "No space left on device" in capsys.readouterr().err


def test_a_task_gets_its_arguments_and_the_projects_python(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "prepare", lambda *_, **__: None)
    monkeypatch.setattr(
        bootstrap, "hand_over", lambda command, environment: started.append(list(command)) or 5
    )
    assert bootstrap.main(["yichuang", "bench", "x", "--json"]) == 5
    assert started[0][1:] == ["-m", "yichuang", "bench", "x", "--json"]
    assert Path(started[0][0]).parent.parent.name == "venv"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux runs without a display")
@pytest.mark.parametrize(
    ("given", "headless", "platform"),
    [
        ({}, False, "offscreen"),
        ({"DISPLAY": ":0"}, False, None),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False, None),
        ({"DISPLAY": ":0"}, True, "offscreen"),
        ({"QT_QPA_PLATFORM": "vnc"}, False, "vnc"),
    ],
)
def test_qt_draws_in_memory_only_without_a_display(
    given: dict[str, str], headless: bool, platform: str | None
) -> None:
    environment = bootstrap.task_environment(given, root=ROOT, headless=headless)
    assert environment.get("QT_QPA_PLATFORM") == platform


def test_packages_are_importable_and_text_is_utf8() -> None:
    environment = bootstrap.task_environment({"PYTHONPATH": "elsewhere"}, root=ROOT, headless=True)
    assert environment["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "elsewhere"]
    assert environment["PYTHONUTF8"] == "1"


def test_a_check_passes_its_output_on_and_keeps_the_last_line(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    script = "print('first'); print('\\x1b[31m== 1 failed ==\\x1b[0m\\n'); raise SystemExit(4)"
    outcome = checks.run_check("sample", [sys.executable, "-c", script], tmp_path)
    assert (outcome.exit_code, outcome.last_line) == (4, "== 1 failed ==")
    assert b"first" in capfdbinary.readouterr().out


def test_the_summary_ends_with_pytests_closing_line() -> None:
    outcomes = [
        checks.Outcome("ruff", 1, 0.1, "Found 1 error."),
        checks.Outcome("pytest", 0, 2.0, "== 3 passed =="),
    ]
    lines = checks.summary(outcomes).splitlines()
    assert lines[-1] == "== 3 passed =="
    assert "FAILED" in lines[-3]
    assert "ok" in lines[-2]
