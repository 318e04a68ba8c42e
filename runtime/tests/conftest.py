"""What all tests share: model documents on local zones, and one sqlite MLflow for the whole session."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from samples import raw_document, telco_lines, write_csv

from cyclops_runtime.document import ModelDocument, parse_document


@pytest.fixture(scope="session", autouse=True)
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Working directory of the session: MLflow's database and artifacts are in it, and nothing of the user's is read."""
    folder = tmp_path_factory.mktemp("session")
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith(("MLFLOW_", "CYCLOPS_", "AWS_")):
            del os.environ[name]
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder}/mlflow.db"
    home = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(home)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def make_document(tmp_path: Path) -> Callable[..., ModelDocument]:
    """Makes model documents whose zones are below the test's own folder."""
    return lambda **changes: parse_document(json.dumps(raw_document(tmp_path, **changes)).encode(), "test.json")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> ModelDocument:
    """The telco model after a whole run `first`, from ingest to register; version 1 is the champion."""
    from cyclops_runtime.steps import curate, evaluate, gate, ingest, preprocess, register, train
    from cyclops_runtime.tracking import Registry

    folder = tmp_path_factory.mktemp("trained")
    lines = telco_lines(1600)
    write_csv(folder / "raw/telco/part-a.csv", lines[:901])
    write_csv(folder / "raw/telco/part-b.csv", [lines[0], *lines[901:]])
    document = parse_document(json.dumps(raw_document(folder)).encode(), "trained.json")
    for step in (ingest, curate, preprocess, train, evaluate, gate, register):
        step.run(document, "first")
    Registry(document).set_alias("champion", "1")
    return document
