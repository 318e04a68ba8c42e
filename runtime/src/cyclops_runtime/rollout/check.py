"""Sends held-out rows to the new version and compares its answers with the model's own."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pandas

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.failures import may_pass
from cyclops_runtime.prediction import fit_to_signature, model_metadata
from cyclops_runtime.rollout.timing import Failed, NotNow
from cyclops_runtime.serving.outputs import to_outputs, to_predictions
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry

ROWS = 50
# Predictions of other batch sizes and processors differ in the last bits.
RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 1e-6, 1e-9


@dataclass(frozen=True)
class Sample:
    """Rows and what the model itself predicts for them, one entry a row as in the answer of `/invocations`."""

    body: bytes
    expected: list[Any]


def make_sample(document: ModelDocument, registry: Registry, store: ZoneStore, run_id: str, version: str) -> Sample:
    """Up to fifty held-out rows of the run. Raises Failed when the version cannot be loaded or cannot predict them here."""
    frame = store.read_parquet(document.run_path("features", run_id, "test.parquet"))
    frame = frame.sample(min(ROWS, len(frame)), random_state=0).reset_index(drop=True)
    try:
        model = registry.load(version)
        fitted = fit_to_signature(model, frame)
        if model.metadata.get_input_schema() is None:
            data = document.spec.data
            fitted = fitted.drop(columns=[c for c in (data.target, data.id, data.timestamp, *data.drop) if c in fitted.columns])
        expected = to_predictions(to_outputs(model.predict(fitted.copy()), len(fitted), model_metadata(model)))
    except Exception as error:  # whatever the model raises: it is not fit to be served
        if may_pass(error):
            raise  # the store's or the registry's failure condemns no version
        raise Failed(
            f"version {version} cannot be loaded or cannot predict its own held-out rows: {type(error).__name__}: {error}"
        ) from error
    if not expected:
        raise Failed(f"run {run_id} has no held-out rows to check version {version} with")
    return Sample(_body(fitted), expected)


def check_replicas(client: httpx.Client, addresses: Iterable[str], sample: Sample, version: str, forced: str) -> int:
    """Has every replica predict the sample with `forced` (`champion` or `challenger`), and returns how many did.

    Raises Failed for the first answer that is missing, an error, or not what the model itself says. Raises NotNow when a replica
    cannot be reached, answers 503, or answers with another version, none of which says anything about the version: the replica
    may be starting, be full, or be following what the registry said before the version got its alias.
    """
    count = 0
    for address in addresses:
        try:
            response = client.post(
                f"{address}/invocations",
                content=sample.body,
                headers={"content-type": "application/json", "x-cyclops-version": forced},
                timeout=60.0,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotNow(f"{address} cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            raise Failed(f"check of version {version}: {address} did not answer: {error}") from error
        if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise NotNow(f"{address} answered 503 {response.text[:300]}")
        if response.status_code != 200:
            raise Failed(f"check of version {version}: {address} answered {response.status_code} {response.text[:300]}")
        answered_by = response.headers.get("x-cyclops-model-version")
        if answered_by != version:
            raise NotNow(f"{address} answered with version {answered_by}")
        difference = first_difference(response.json()["predictions"], sample.expected)
        if difference is not None:
            raise Failed(f"check of version {version}: {address} predicts otherwise than the model itself: {difference}")
        count += 1
    return count


def first_difference(actual: Any, expected: Any, place: str = "predictions") -> str | None:
    """Where two answers differ beyond rounding, or None."""
    if isinstance(expected, (list, tuple)):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return f"{place} has not {len(expected)} entries"
        pairs = ((f"{place}[{i}]", a, e) for i, (a, e) in enumerate(zip(actual, expected, strict=True)))
    elif isinstance(expected, dict):
        if not isinstance(actual, dict) or actual.keys() != expected.keys():
            return f"{place} has not the fields {', '.join(map(str, expected))}"
        pairs = ((f"{place}.{key}", actual[key], value) for key, value in expected.items())
    else:
        return None if _equal(actual, expected) else f"{place} is {actual!r}, not {expected!r}"
    return next((found for where, a, e in pairs if (found := first_difference(a, e, where)) is not None), None)


def _equal(actual: Any, expected: Any) -> bool:
    if expected is None or (isinstance(expected, float) and math.isnan(expected)):
        return actual is None
    if isinstance(expected, bool) or isinstance(actual, bool):
        return actual is expected
    if isinstance(expected, (int, float)) and isinstance(actual, (int, float)):
        return math.isclose(actual, expected, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)
    return actual == expected


def _body(frame: pandas.DataFrame) -> bytes:
    columns = [
        [None if missing else value for value, missing in zip(frame[c].tolist(), frame[c].isna(), strict=True)]
        for c in frame.columns
    ]
    split = {"columns": [str(c) for c in frame.columns], "data": [list(row) for row in zip(*columns, strict=True)]}
    return orjson.dumps({"dataframe_split": split}, default=lambda value: value.isoformat())
