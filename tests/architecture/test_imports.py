"""The house of docs/architecture: import-linter's contracts from pyproject.toml, run in-process."""

from __future__ import annotations

import io

import pytest
from importlinter import api, cli
from importlinter.application.output import console

from tests.architecture.sources import PRODUCT, ROOT


def test_every_package_is_under_contract() -> None:
    configuration = api.read_configuration(str(ROOT / "pyproject.toml"))
    assert sorted(configuration["session_options"]["root_packages"]) == sorted(PRODUCT)


def test_imports_keep_the_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    monkeypatch.setattr(console, "file", heard)
    code = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert code == 0, heard.getvalue()
