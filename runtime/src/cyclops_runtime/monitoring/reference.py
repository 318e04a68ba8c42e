"""The champion's profile: made by the training pipeline and found by a tag, or made by the monitor that first misses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.monitoring.profile import Profile, make_profile
from cyclops_runtime.monitoring.reading import opened
from cyclops_runtime.prediction import model_metadata, predict
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import PROFILE_TAG, TRAIN_DATA_TAG, Registry

METRIC_TAG = "cyclops.metric."


def profile_of_training(
    document: ModelDocument, run_id: str, model: Any, predictions: pd.DataFrame, metrics: Mapping[str, float | None]
) -> Profile:
    """Profile of a model that has just been measured: its training rows, and its predictions on the held-out rows."""
    address = document.run_path("features", run_id, "train.parquet")
    return _profile(document, ZoneStore(document), address, model_metadata(model), lambda: model, predictions, metrics)


class Champion:
    """The served version. What is asked of the registry or loaded is kept."""

    def __init__(self, document: ModelDocument, store: ZoneStore, registry: Registry, version: str) -> None:
        self._document, self._store, self._registry, self.version = document, store, registry, version

    @cached_property
    def model(self) -> Any:
        """The version as pyfunc model."""
        return self._registry.load(self.version)

    @property
    def metadata(self) -> dict[str, Any]:
        """What the train step wrote into the model."""
        return model_metadata(self.model)

    def profile(self, attempt: Callable[..., Any]) -> Profile | None:
        """The profile: kept by the training or an earlier report, or made now and kept.

        `attempt(failure, work)` gives None, and says so in the report, where the work fails.
        """
        own = f"predictions/{self._document.model}/monitor/profiles/{self.version}.json"
        for place in (_address(self._tags.get(PROFILE_TAG)), own):
            if place is not None and self._store.exists(place):
                kept = attempt("kept profile not read", lambda at=place: Profile.from_json(self._store.read_json(at)))
                if kept is not None:
                    return kept
        profile = attempt("no reference profile", lambda: self._made(attempt))
        if profile is not None:
            self._store.write_json(own, profile.to_json())
        return profile

    @cached_property
    def _tags(self) -> dict[str, str]:
        return self._registry.version_tags(self.version)

    def _made(self, attempt: Callable[..., Any]) -> Profile:
        address = _address(self._tags.get(TRAIN_DATA_TAG))
        if address is None:
            raise InputError(f"version {self.version} has no tag {TRAIN_DATA_TAG}: it was not registered by the pipeline")
        metrics = {name[len(METRIC_TAG) :]: float(value) for name, value in self._tags.items() if name.startswith(METRIC_TAG)}
        held_out = attempt("no predictions on held-out rows", lambda: self._predict_held_out(address))
        metadata = attempt("the model's metadata is not read", lambda: self.metadata) or {}
        return _profile(self._document, self._store, address, metadata, lambda: self.model, held_out, metrics)

    def _predict_held_out(self, train_address: str) -> pd.DataFrame:
        return predict(self.model, self._store.read_parquet(train_address.rpartition("/")[0] + "/test.parquet"))


def _profile(
    document: ModelDocument,
    store: ZoneStore,
    address: str,
    metadata: Mapping[str, Any],
    model: Callable[[], Any],
    predictions: pd.DataFrame | None,
    metrics: Mapping[str, float | None],
) -> Profile:
    with opened(store, address) as file:
        train = pq.ParquetFile(file)
        columns = train.schema_arrow.names
        data = document.spec.data
        roles = {data.target, data.id, data.timestamp, *data.drop}
        names = [column["name"] for column in metadata.get("columns", [])] or _signature_names(model) or columns
        return make_profile(
            column=lambda name: _whole(train.read(columns=[name]).column(name)),
            rows=train.metadata.num_rows,
            feature_names=[name for name in names if name in columns and name not in roles],
            predictions=predictions,
            metrics={name: value for name, value in metrics.items() if value is not None},
            classes=metadata.get("classes") or [],
            contract={name: metadata[name] for name in ("columns", "values") if metadata.get(name)},
            findings=_findings(store, address),
        )


def _findings(store: ZoneStore, train_address: str) -> list[str]:
    """What was strange in the training data; none where a custom step wrote no such list."""
    try:
        found = store.read_json(train_address.rpartition("/")[0] + "/preprocess.json")["findings"]
        return [f"column {entry['column']!r}: {entry['reason']}; {entry['mend']}" for entry in found]
    except (InputError, KeyError, TypeError):
        return []


def _whole(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return combined.combine_chunks() if isinstance(combined, pa.ChunkedArray) else combined


def _signature_names(model: Callable[[], Any]) -> list[str]:
    schema = model().metadata.get_input_schema()
    return schema.input_names() if schema is not None and schema.has_input_names() else []


def _address(tag: str | None) -> str | None:
    """A tag's address; a local zone's has no scheme, and the store would take it for a zone path."""
    return f"file://{tag}" if tag is not None and tag.startswith("/") else tag
