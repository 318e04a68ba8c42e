"""Fixtures of the scorer's, the rollout's and the monitor's tests."""

import zlib
from pathlib import Path

import pytest
import serving_support as support

_saved: dict[str, str] = {}


@pytest.fixture(scope="session")
def saved(tmp_path_factory) -> dict[str, str]:
    """Folders of saved models by name; made once, though three folders of tests use this fixture."""
    if _saved:
        return _saved
    root = tmp_path_factory.mktemp("saved")
    _saved.update(
        {
            "v1": support.save_classifier(root / "v1", 1),
            "v2": support.save_classifier(root / "v2", 2),
            "regressor": support.save_regressor(root / "regressor"),
            "unsigned": support.save_unsigned(root / "unsigned"),
            "picky": support.save_picky(root / "picky", 70),
            "broken": support.save_picky(root / "broken", -1),
        }
    )
    return _saved


@pytest.fixture(scope="session")
def mlflow_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("mlflow")


@pytest.fixture(autouse=True)
def sqlite_registry(mlflow_folder):
    """A registry of the serving tests' own."""
    with support.registry_in(mlflow_folder):
        yield


@pytest.fixture
def name(request) -> str:
    """A registered model of the test's own."""
    return f"m-{zlib.crc32(request.node.nodeid.encode()):08x}"
