"""requirements/*.txt must be what pyproject.toml asks for. Checked without a network: the installed packages
say what they need, so a requirement that was added, dropped or moved without `./run lock` shows.
"""

from __future__ import annotations

import re
import tomllib
from collections import deque
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT

_LOCK = ROOT / "requirements" / "all.txt"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>.+?))?(?: \\)?$")


@dataclass(frozen=True)
class Pin:
    """One locked package; `here` is False when its marker excludes this machine."""

    version: str
    hashes: tuple[str, ...]
    here: bool


def read_lock(path: Path) -> dict[str, Pin]:
    """Locked packages by canonical name. Of a name that stands twice (two Pythons) the one for here wins."""
    pins: dict[str, Pin] = {}
    blocks = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
    for block in blocks:
        first, *rest = block.splitlines()
        match = _PIN.match(first)
        assert match, f"not a pin: {first}"
        name = canonicalize_name(match["name"])
        here = match["marker"] is None or Marker(match["marker"]).evaluate()
        hashes = tuple(re.findall(r"--hash=(sha256:[0-9a-f]{64})", "\n".join(rest)))
        if here or name not in pins:
            pins[name] = Pin(match["version"], hashes, here)
    return pins


def declared() -> list[Requirement]:
    """What pyproject.toml asks for, the extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    return [Requirement(line) for line in lines]


def needed_here(roots: list[Requirement]) -> set[str]:
    """Names of everything that the requirements lead to on this machine, asked of the installed packages."""
    seen: set[tuple[str, str]] = set()
    waiting = deque((requirement, "") for requirement in roots)
    while waiting:
        requirement, extra = waiting.popleft()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting.extend((Requirement(line), wanted) for line in metadata.requires(name) or [])
    return {name for name, _ in seen}


@pytest.mark.parametrize("requirement", declared(), ids=lambda requirement: requirement.name)
def test_what_pyproject_asks_for_is_locked(requirement: Requirement) -> None:
    pin = read_lock(_LOCK).get(canonicalize_name(requirement.name))
    assert pin is not None, f"{requirement} is not in the lock: ./run lock"
    assert requirement.specifier.contains(pin.version, prereleases=True), f"locked {pin.version}: ./run lock"


def test_the_lock_holds_all_that_is_needed_and_nothing_else() -> None:
    locked_here = {name for name, pin in read_lock(_LOCK).items() if pin.here}
    needed = needed_here(declared())
    assert needed - locked_here == set(), "missing from the lock: ./run lock"
    assert locked_here - needed == set(), "no longer needed: ./run lock"


def test_what_is_installed_is_what_is_locked() -> None:
    different = {
        name: (pin.version, metadata.version(name))
        for name, pin in read_lock(_LOCK).items()
        if pin.here and metadata.version(name) != pin.version
    }
    assert different == {}


@pytest.mark.parametrize("name", ["all.txt", "uv.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    path = ROOT / "requirements" / name
    assert [package for package, pin in read_lock(path).items() if not pin.hashes] == []
    assert "://" not in path.read_text(encoding="utf-8")


def test_uv_is_locked_as_asked() -> None:
    asked = Requirement((ROOT / "requirements" / "uv.in").read_text(encoding="utf-8").strip())
    pin = read_lock(ROOT / "requirements" / "uv.txt")["uv"]
    assert asked.specifier.contains(pin.version)


def test_a_stale_lock_is_seen(tmp_path: Path) -> None:
    stale = tmp_path / "all.txt"
    hashes = "    --hash=sha256:" + "0" * 64
    stale.write_text(f"a-package==1.0 \\\n{hashes}\nnot-here==2 ; python_full_version < '3' \\\n{hashes}\n")
    pins = read_lock(stale)
    assert pins == {
        "a-package": Pin("1.0", ("sha256:" + "0" * 64,), True),
        "not-here": Pin("2", ("sha256:" + "0" * 64,), False),
    }
    assert "a-package" not in needed_here(declared())
