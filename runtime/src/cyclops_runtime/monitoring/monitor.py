"""The `monitor` command: gathers, has the KPIs computed, and writes the report, MLflow's metrics and the metric sink."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any

import httpx
import numpy as np
import pandas as pd
from msgspec.structs import replace

from cyclops_runtime.constraints import check_constraints, type_columns
from cyclops_runtime.document import DataSpec, ModelDocument, MonitoringSpec, parse_duration
from cyclops_runtime.errors import InputError
from cyclops_runtime.frames import label_text
from cyclops_runtime.logging import get_logger
from cyclops_runtime.metrics import classification_metrics, regression_metrics
from cyclops_runtime.monitoring import current, kpis, sinks
from cyclops_runtime.monitoring.kpis import Measured, nothing
from cyclops_runtime.monitoring.profile import Profile, make_profile
from cyclops_runtime.monitoring.schedule import longest_interval
from cyclops_runtime.monitoring.serving_metrics import Traffic, take_snapshot, traffic_between
from cyclops_runtime.prediction import LABEL, PROBABILITY, model_metadata, predict
from cyclops_runtime.retraining.consider import consider
from cyclops_runtime.rollout.replicas import Replicas
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import TRAIN_DATA_TAG, Registry

log = get_logger(__name__)

METRIC_TAG = "cyclops.metric."
MONITOR_TAG = "cyclops.monitor-of"


def run(document: ModelDocument, run_id: str, now: datetime | None = None) -> dict[str, Any]:
    """Computes all KPIs and returns the report. `now` is a test's clock.

    A KPI that cannot be computed is in the report with its reason; what fails is only what makes a report impossible: storage
    and registry that do not answer, or a metric sink that is down (after the report was written).
    """
    report = Monitor(document, run_id, now or datetime.now(timezone.utc)).run()
    sinks.send(report)
    return report


class Monitor:
    """One report. Each input is gathered once, when it is first needed."""

    def __init__(self, document: ModelDocument, run_id: str, now: datetime) -> None:
        self._document, self._run_id, self._now = document, run_id, now
        self._spec = document.spec.monitoring or MonitoringSpec()
        self._store, self._registry = ZoneStore(document), Registry(document)
        self._start = now - timedelta(seconds=parse_duration(self._spec.window))
        self._folder = f"predictions/{document.model}/monitor"
        self._version = self._registry.champion()
        self._notes: list[str] = []

    def run(self) -> dict[str, Any]:
        """Gathers, computes, writes and logs."""
        measured = self._measure()
        interval = longest_interval(self._document.spec.training.schedule or "", self._now)
        thresholds = kpis.effective_thresholds(self._spec.thresholds, self._document.spec.training.gate, interval)
        entries = [kpis.judge(kpi, measured[kpi], thresholds[kpi]) for kpi in kpis.THRESHOLDS]
        psis = self._psis
        report = {
            "model": self._document.model,
            "stack": self._document.stack,
            "environment": self._document.environment,
            "version": self._version,
            "run": self._run_id,
            "at": self._now.isoformat(),
            "window": {
                "from": self._start.isoformat(),
                "to": self._now.isoformat(),
                "source": self._source,
                "rows": len(self._rows),
            },
            "status": max((entry["status"] for entry in entries), key=kpis.SEVERITY.__getitem__),
            "kpis": entries,
            "features": {name: {"psi": psi} for name, psi in psis.items()},
            "notes": self._notes,
        }
        report["retraining"] = consider(self._document, report, self._store, self._registry, self._now)
        self._store.write_json(f"{self._folder}/{self._run_id}.json", report)
        if self._snapshots:  # without an answer the last report's counters stay: nothing may be counted twice
            self._store.write_json(f"{self._folder}/state/serving.json", self._snapshots)
        self._attempt("not logged to MLflow", lambda: self._log_to_mlflow(entries))
        for entry in entries:
            log.info("kpi", id=entry["id"], value=entry["value"], n=entry["n"], status=entry["status"], reason=entry["reason"])
        return report

    def _measure(self) -> dict[str, Measured]:
        metric, spec = self._document.spec.training.gate.metric, self._spec
        profile, rows, live = self._profile, self._rows, self._live_quality()
        traffic, why_not = self._traffic
        data = self._document.spec.data
        segments = current.segment_columns(rows.loc[self._predictions.index] if len(self._predictions) else rows, spec.segments)
        return {
            "model_quality": kpis.model_quality(metric, live, profile),
            "quality_degradation": kpis.quality_degradation(metric, live, profile),
            "missing_rate": kpis.missing_rate(profile, rows),
            "constraint_violation_rate": self._constraint_violation_rate(data),
            "data_freshness": self._data_freshness(),
            "drifted_feature_share": kpis.drifted_feature_share(profile, rows, self._psis),
            "feature_psi_max": kpis.feature_psi_max(profile, rows, self._psis),
            "prediction_drift": kpis.prediction_drift(profile, self._predictions),
            "latency_p95": kpis.latency_p95(traffic, why_not),
            "error_rate": kpis.error_rate(traffic, why_not),
            "throughput": kpis.throughput(traffic, why_not),
            "saturation": kpis.saturation(traffic, why_not),
            "fairness_gap": self._fairness_gap(segments),
            "cost_per_1k_predictions": kpis.cost_per_1k_predictions(traffic, spec.cost_per_hour, why_not),
            "roi": kpis.roi(traffic, spec.cost_per_hour, spec.value_per_prediction, why_not),
        }

    # Reference ---------------------------------------------------------------------------------------------------------------

    @cached_property
    def _profile(self) -> Profile | None:
        """The champion's profile: kept, or made now. None, with a note, where its training rows cannot be had."""
        if self._version is None:
            self._notes.append("the registry has no champion")
            return None
        place = f"{self._folder}/profiles/{self._version}.json"
        if self._store.exists(place) and (kept := Profile.from_json(self._store.read_json(place))) is not None:
            return kept
        profile = self._attempt("no reference profile", self._make_profile)
        if profile is not None:
            self._store.write_json(place, profile.to_json())
        return profile

    def _make_profile(self) -> Profile:
        tags = self._registry.version_tags(self._version)
        address = tags.get(TRAIN_DATA_TAG)
        if address is None:
            raise InputError(f"version {self._version} has no tag {TRAIN_DATA_TAG}: it was not registered by the pipeline")
        if address.startswith("/"):  # a local zone's file; the store would take it for a zone path
            address = f"file://{address}"
        train = self._store.read_parquet(address)
        data = self._document.spec.data
        roles = {data.target, data.id, data.timestamp, *data.drop}
        names = [column["name"] for column in self._metadata.get("columns", [])] or self._signature_names()
        names = [name for name in names or train.columns if name in train.columns and name not in roles]
        held_out = self._attempt("no predictions on held-out rows", lambda: self._predict_held_out(address))
        metrics = {name[len(METRIC_TAG) :]: float(value) for name, value in tags.items() if name.startswith(METRIC_TAG)}
        return make_profile(self._version, train, names, held_out, metrics, len(self._metadata.get("classes") or []) > 2)

    def _predict_held_out(self, train_address: str) -> pd.DataFrame:
        test = self._store.read_parquet(train_address.rpartition("/")[0] + "/test.parquet")
        return predict(self._model, test)

    @cached_property
    def _model(self) -> Any:
        return self._registry.load(self._version)

    @cached_property
    def _metadata(self) -> dict[str, Any]:
        return model_metadata(self._model)

    def _signature_names(self) -> list[str]:
        schema = self._model.metadata.get_input_schema()
        return schema.input_names() if schema is not None and schema.has_input_names() else []

    # Current rows ------------------------------------------------------------------------------------------------------------

    @cached_property
    def _captured(self) -> pd.DataFrame:
        return current.captured_rows(self._document, self._store, self._start, self._now)

    @cached_property
    def _curated(self) -> current.CuratedRun | None:
        return current.newest_curated(self._document, self._store)

    @cached_property
    def _source(self) -> str:
        if len(self._captured):
            return current.CAPTURED
        return current.CURATED if self._curated is not None else current.NONE

    @cached_property
    def _rows(self) -> pd.DataFrame:
        if self._source == current.CURATED:
            self._notes.append(f"no captured requests in the window: run {self._curated.run_id}'s curated rows are compared")
            path = self._document.run_path("curated", self._curated.run_id, "data.parquet")
            return self._attempt("curated rows not read", lambda: self._store.read_parquet(path), pd.DataFrame())
        return self._captured

    @cached_property
    def _predictions(self) -> pd.DataFrame:
        """The champion's predictions on the current rows: as captured, or made now for curated rows."""
        if self._source == current.CAPTURED:
            return current.captured_predictions(self._rows, self._version)
        empty = current.captured_predictions(pd.DataFrame(), None)
        if self._source == current.NONE or self._version is None or len(self._rows) == 0:
            return empty
        return self._attempt("no predictions on curated rows", lambda: predict(self._model, self._rows), empty)

    @cached_property
    def _psis(self) -> dict[str, float | None]:
        if self._profile is None or len(self._rows) == 0:
            return {}
        return kpis.feature_psis(self._profile, self._rows)

    # Single KPIs that need more than one input --------------------------------------------------------------------------------

    def _live_quality(self) -> Measured:
        """The gate's metric on captured predictions of the champion whose labels have matured."""
        labels = self._spec.labels
        if labels is None:
            return nothing("monitoring.labels is not given")
        if self._version is None:
            return nothing("no champion")
        truth = self._attempt("labels not read", lambda: current.matured_labels(self._document, self._store))
        if truth is None:
            return nothing(
                f"no labels with {self._document.spec.data.id} and {self._document.spec.data.target} below {labels.path}"
            )
        rows = current.captured_rows(self._document, self._store, *current.label_window(self._document, self._now))
        predictions = current.captured_predictions(rows, self._version)
        if len(predictions) == 0:
            return nothing("no captured predictions whose labels are due")
        known = current.row_ids(rows.loc[predictions.index], self._document.spec.data.id).map(truth).dropna()
        if len(known) == 0:
            return nothing(f"none of {len(predictions)} captured predictions has a label yet")
        return self._quality_of(known, predictions.loc[known.index])

    def _quality_of(self, truth: pd.Series, predictions: pd.DataFrame) -> Measured:
        metric = self._document.spec.training.gate.metric
        if self._document.spec.task == "regression":
            numbers = pd.to_numeric(truth, errors="coerce").dropna()
            values = regression_metrics(numbers, predictions.loc[numbers.index, LABEL]) if len(numbers) else {}
            n = len(numbers)
        else:
            classes = self._metadata.get("classes")
            positive = self._positive
            probabilities = None
            if classes and len(classes) == 2 and positive in classes and predictions[PROBABILITY].notna().all():
                chance = predictions[PROBABILITY].to_numpy()
                probabilities = np.stack([chance if name == positive else 1 - chance for name in classes], axis=1)
            labels = [label_text(label) for label in predictions[LABEL]]
            values = classification_metrics(
                [label_text(label) for label in truth], labels, probabilities, classes or [], positive
            )
            n = len(truth)
        value = values.get(metric)
        return nothing(f"{metric} is not defined for the {n} labelled predictions", n) if value is None else Measured(value, n)

    @property
    def _positive(self) -> str | None:
        positive = self._document.spec.data.positive
        return label_text(positive) if self._document.spec.task == "binary-classification" and positive is not None else None

    def _constraint_violation_rate(self, data: DataSpec) -> Measured:
        if self._source == current.CURATED:
            return kpis.constraint_violation_rate(
                self._curated.rows_set_aside, self._curated.rows_read or 0, "as counted by curate"
            )
        rows = self._rows
        if len(rows) == 0:
            return nothing("no rows in the window")
        types = self._wrong_types(rows)
        # One customer may be asked about twice: uniqueness is a constraint of the training data alone.
        checked = {n: replace(spec, unique=False) for n, spec in data.schema.items() if n in rows and n != data.target}
        if checked:
            narrowed = DataSpec(path=data.path, target=next(iter(checked)), schema=checked)
            typed, wrong = type_columns(rows[list(checked)].astype(object), narrowed, False)
            found = check_constraints(typed, narrowed)
            types = types.union(wrong["row"].tolist(), found["row"].tolist())
        reason = None if checked else "spec.data.schema has no constraint for the captured columns: only types were checked"
        return kpis.constraint_violation_rate(len(types), len(rows), reason)

    def _wrong_types(self, rows: pd.DataFrame) -> set[int]:
        """Rows with a text where the reference has numbers."""
        wrong: set[int] = set()
        for name, feature in (self._profile.features if self._profile is not None else {}).items():
            if feature.kind == "number" and name in rows and rows[name].dtype == object:
                lost = rows[name].notna() & pd.to_numeric(rows[name], errors="coerce").isna()
                wrong.update(rows.index[lost & ~rows[name].map(lambda value: isinstance(value, (bool, datetime)))].tolist())
        return wrong

    def _data_freshness(self) -> Measured:
        if self._curated is None:
            return nothing("no curated data yet")
        age = max((self._now - self._curated.written).total_seconds(), 0.0)
        reason = None if self._document.spec.training.schedule else "no training schedule to judge the age by"
        return Measured(age, 1, reason)

    def _fairness_gap(self, segments: dict[str, pd.Series]) -> Measured:
        if not self._spec.segments:
            return nothing("monitoring.segments is not given")
        labels = self._predictions[LABEL].map(label_text) if len(self._predictions) else None
        if self._document.spec.task == "regression":
            selected: list[str] = []
        elif self._positive is not None:
            selected = [self._positive]
        else:
            selected = sorted(labels.unique()) if labels is not None else ["any"]
        return kpis.fairness_gap(segments, labels, selected)

    # Scorers -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def _scraped(self) -> tuple[dict[str, Any], str | None]:
        """Counters of each replica that answers, and what is missing."""
        serving = self._document.serving
        if serving is None:
            return {}, "the model has no endpoint"
        with httpx.Client(timeout=10.0) as client:
            replicas = Replicas(serving.pods, client)
            count, texts = len(replicas.addresses()), replicas.metrics()
        snapshots = {address: take_snapshot(text) for address, text in texts.items()}
        if not snapshots:
            return {}, f"no scorer answers at {serving.pods}"
        return snapshots, None if len(snapshots) >= count else f"{count - len(snapshots)} of {count} replicas did not answer"

    @property
    def _snapshots(self) -> dict[str, Any]:
        return self._scraped[0]

    @cached_property
    def _traffic(self) -> tuple[Traffic | None, str | None]:
        snapshots, why_not = self._scraped
        place = f"{self._folder}/state/serving.json"
        before = self._store.read_json(place) if self._store.exists(place) else {}
        return traffic_between(before, snapshots), why_not

    # Results -----------------------------------------------------------------------------------------------------------------

    def _log_to_mlflow(self, entries: list[dict[str, Any]]) -> None:
        """One MLflow run for each champion, in which every report is a point in time."""
        from mlflow.entities import Metric

        version = self._version or "none"
        client, experiment = self._registry.client, self._registry.experiment_id()
        found = client.search_runs([experiment], f"tags.`{MONITOR_TAG}` = '{self._document.model}/{version}'", max_results=1)
        tags = {MONITOR_TAG: f"{self._document.model}/{version}", "cyclops.model": self._document.model}
        target = (
            found[0] if found else client.create_run(experiment, tags=tags, run_name=f"monitor-{self._document.model}-{version}")
        )
        moment = int(self._now.timestamp() * 1000)
        values = [Metric(f"kpi.{e['id']}", e["value"], moment, moment // 1000) for e in entries if e["value"] is not None]
        client.log_batch(target.info.run_id, metrics=values)

    def _attempt(self, failure: str, work: Callable[[], Any], otherwise: Any = None) -> Any:
        """The work's result; where it fails, a note in the report, and `otherwise`."""
        begun = time.monotonic()
        try:
            return work()
        except Exception as error:
            # Users' data, models and stores fail in every way; the KPIs that do not need this one must still be reported.
            text = f"{failure}: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
            log.warning("incomplete", reason=text, seconds=round(time.monotonic() - begun, 3))
            self._notes.append(text)
            return otherwise
