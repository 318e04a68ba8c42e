"""Fixtures of the scorer's, the rollout's and the monitor's tests."""

import os
import zlib
from pathlib import Path

import mlflow
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
def sqlite_registry(mlflow_folder, monkeypatch):
    """MLflow on sqlite for the test, whatever was set before and after."""
    before = mlflow.get_tracking_uri()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", os.environ.get("MLFLOW_TRACKING_URI", ""))
    support.use_sqlite(mlflow_folder)
    yield
    mlflow.set_tracking_uri(before)
    mlflow.set_registry_uri(before)


@pytest.fixture
def name(request) -> str:
    """A registered model of the test's own."""
    return f"m-{zlib.crc32(request.node.nodeid.encode()):08x}"
