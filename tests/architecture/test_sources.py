"""Promises about the files themselves: size, nothing unfinished, nothing of one machine or one registry."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import PRODUCT, ROOT, files, read_text

_MOST_LINES = 400

# Files that are allowed to be longer, with why. It only shrinks: see the second test.
_LONGER: dict[str, str] = {}

_UNFINISHED = re.compile(r"\b(TODO|FIXME|NotImplementedError)\b")

# Written in pieces, so that this file does not hold what it forbids.
_FORBIDDEN = re.compile(
    "|".join(
        [
            r"\bpy" r"pi\.org",
            r"python" r"hosted\.org",
            r"registry\.npm" r"js",
            r"\bnpm" r"mirror\.com",
            r"\bcrates" r"\.io",
            r"proxy\.go" r"lang",
            r"pypi\.(tuna|doubanio|mirrors)",
            r"mirrors?\.(aliyun|tuna|ustc|cloud\.tencent|huaweicloud)",
            r"deb\.deb" r"ian\.org",
            r"(?<![\w.])/work" r"/(main|shared|\.)",
            r"(?<![\w.])/tmp" r"/y/",
            r"(?<![\w.])/root" r"/",
            r"(?<![\w.])/opt" r"/(pypi|wheels)",
            r"(?<![\w.])/home" r"/\w",
            r"[A-Z]:\\Us" r"ers\\",
        ]
    )
)


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_source_file_is_too_long() -> None:
    long = {
        _relative(path): _line_count(path)
        for path in files(suffix=".py")
        if _line_count(path) > _MOST_LINES and _relative(path) not in _LONGER
    }
    assert long == {}, f"more than {_MOST_LINES} lines: look for two subjects in {long}"


def test_the_list_of_longer_files_only_shrinks() -> None:
    done = [name for name in _LONGER if not (ROOT / name).exists() or _line_count(ROOT / name) <= _MOST_LINES]
    assert done == [], f"take these off the list: {done}"


def test_nothing_in_the_product_is_left_unfinished() -> None:
    found = [
        f"{_relative(path)}:{number}: {line.strip()}"
        for package in PRODUCT
        for path in files(ROOT / package, suffix=".py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _UNFINISHED.search(line)
    ]
    assert found == []


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{_relative(path)}: {match.group()}"
        for path in files()
        if (text := read_text(path)) is not None and (match := _FORBIDDEN.search(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "https://py" "pi.org/simple",
        "files.python" "hosted.org",
        "registry.npm" "js.org",
        "see /work" "/main/hall",
        "C:\\Us" "ers\\li\\",
        "open('/root" "/x')",
    ],
)  # fmt: skip
def test_the_pattern_finds_what_it_forbids(text: str) -> None:
    assert _FORBIDDEN.search(text)


@pytest.mark.parametrize("text", ["/chroot/x", "hall/root/x", "a /rooted/ thing", "home/li"])
def test_the_pattern_leaves_other_text_alone(text: str) -> None:
    assert not _FORBIDDEN.search(text)


def test_the_start_scripts_are_executable() -> None:
    for name in ("run", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111, name


def test_no_engine_writes_the_values_of_a_failed_statement_into_logs() -> None:
    """They are names and numbers of citizens."""
    calls = [
        (_relative(path), node)
        for path in files(suffix=".py")
        if path.relative_to(ROOT).parts[0] in PRODUCT
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "create_engine"
    ]
    assert calls
    for where, call in calls:
        hidden = {word.arg: ast.unparse(word.value) for word in call.keywords}.get("hide_parameters")
        assert hidden == "True", f"{where}:{call.lineno}"
