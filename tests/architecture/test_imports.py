"""The house of docs/architecture: import-linter's contracts from pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

from importlinter import api

from tests.architecture.sources import PRODUCT, ROOT


def test_every_package_is_under_contract() -> None:
    configuration = api.read_configuration(str(ROOT / "pyproject.toml"))
    assert sorted(configuration["session_options"]["root_packages"]) == sorted(PRODUCT)


def test_imports_keep_the_contracts() -> None:
    # in a process of its own: its command silences every logger that exists
    program = "from importlinter.cli import lint_imports_command as check; check(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
