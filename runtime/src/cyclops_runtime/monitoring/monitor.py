"""The `monitor` command: gathers, has the KPIs computed, and writes the report, MLflow's metrics and the metric sink."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import cached_property
from typing import Any

import httpx

from cyclops_runtime.config import monitor_stage, shard_of_environment
from cyclops_runtime.document import ModelDocument, MonitoringSpec
from cyclops_runtime.logging import get_logger
from cyclops_runtime.monitoring import current, kpis, sagemaker_metrics, sinks
from cyclops_runtime.monitoring.counting import Counting, Notes, count_share, make_plan, plan_run
from cyclops_runtime.monitoring.kpis import Measured, nothing
from cyclops_runtime.monitoring.profile import Profile
from cyclops_runtime.monitoring.quality import live_quality, positive_label
from cyclops_runtime.monitoring.schedule import longest_interval
from cyclops_runtime.monitoring.serving_metrics import Traffic, take_snapshot, traffic_between
from cyclops_runtime.monitoring.shards import MERGE, PLAN, PROFILE, Plan, Shards
from cyclops_runtime.monitoring.usage import Use, use_between
from cyclops_runtime.monitoring.window import Window
from cyclops_runtime.retraining.consider import consider
from cyclops_runtime.rollout.replicas import Replicas
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry

log = get_logger(__name__)

MONITOR_TAG = "cyclops.monitor-of"


def run(document: ModelDocument, run_id: str, now: datetime | None = None) -> dict[str, Any]:
    """Computes all KPIs and returns the report; or does the part that CYCLOPS_MONITOR_STAGE says. `now` is a test's clock.

    A KPI that cannot be computed is in the report with its reason; what fails is only what makes a report impossible: storage
    and registry that do not answer, or a metric sink that is down (after the report was written).
    """
    stage, now = monitor_stage(), now or datetime.now(timezone.utc)
    if stage == PLAN:
        return plan_run(document, run_id, now)
    if stage == PROFILE:
        return count_share(document, run_id, shard_of_environment())
    report = Monitor(document, run_id, now, merges=stage == MERGE).run()
    sinks.send(report)
    return report


class Monitor:
    """One report. Each input is gathered once, when it is first needed. `merges`: instances have counted the captured rows."""

    def __init__(self, document: ModelDocument, run_id: str, now: datetime, merges: bool = False) -> None:
        self._document, self._run_id = document, run_id
        self._spec = document.spec.monitoring or MonitoringSpec()
        self._store, self._registry, self._notes = ZoneStore(document), Registry(document), Notes()
        self._shards = Shards(self._store, document.model, run_id) if merges else None
        self._plan = self._shards.read_plan() if self._shards is not None else self._make_plan(now)
        self._now, self._version = self._plan.now, self._plan.version
        self._counting = Counting(document, self._store, self._registry, self._plan, self._notes)
        self._folder = f"predictions/{document.model}/monitor"

    def _make_plan(self, now: datetime) -> Plan:
        version, files = make_plan(self._document, self._store, self._registry, now)
        return Plan(now, version, [(file.path, file.size) for file in files])

    def run(self) -> dict[str, Any]:
        """Gathers, computes, writes and logs."""
        measured = self._measure()
        interval = longest_interval(self._document.spec.training.schedule or "")
        thresholds = kpis.effective_thresholds(self._spec.thresholds, self._document.spec.training.gate, interval)
        entries = [kpis.judge(kpi, measured[kpi], thresholds[kpi]) for kpi in kpis.THRESHOLDS]
        start, end = self._counting.span
        report = {
            "model": self._document.model,
            "stack": self._document.stack,
            "environment": self._document.environment,
            "version": self._version,
            "run": self._run_id,
            "at": self._now.isoformat(),
            "window": {
                "from": start.isoformat(),
                "to": end.isoformat(),
                "source": self._source,
                "rows": self._window.rows,
            },
            "status": max((entry["status"] for entry in entries), key=kpis.SEVERITY.__getitem__),
            "kpis": entries,
            "features": self._features(),
            "serving": self._serving(),
            "usage": self._use and {"replicaSeconds": self._use.replica_seconds, "predictions": self._use.predictions},
            "notes": self._all_notes(),
        }
        report["retraining"] = consider(self._document, report, self._store, self._registry, self._now)
        self._store.write_json(f"{self._folder}/{self._run_id}.json", report)
        if self._snapshots:  # without an answer the last report's counters stay: nothing may be counted twice
            self._store.write_json(f"{self._folder}/state/serving.json", self._snapshots)
        self._notes.attempt("not logged to MLflow", lambda: self._log_to_mlflow(entries))
        for entry in entries:
            log.info("kpi", id=entry["id"], value=entry["value"], n=entry["n"], status=entry["status"], reason=entry["reason"])
        return report

    def _measure(self) -> dict[str, Measured]:
        metric, spec = self._document.spec.training.gate.metric, self._spec
        profile, window, live = self._profile, self._window, self._live_quality()
        traffic, why_not = self._traffic
        return {
            "model_quality": kpis.model_quality(metric, live, profile),
            "quality_degradation": kpis.quality_degradation(metric, live, profile),
            "missing_rate": kpis.missing_rate(profile, window),
            "constraint_violation_rate": self._constraint_violation_rate(),
            "data_freshness": self._data_freshness(),
            "drifted_feature_share": kpis.drifted_feature_share(profile, window, self._psis, self._judged_psis),
            "feature_psi_max": kpis.feature_psi_max(profile, window, self._psis, self._judged_psis),
            "prediction_drift": kpis.prediction_drift(profile, window),
            "latency_p95": kpis.latency_p95(traffic, why_not),
            "error_rate": kpis.error_rate(traffic, why_not),
            "throughput": kpis.throughput(traffic, why_not),
            "saturation": kpis.saturation(traffic, why_not),
            "fairness_gap": self._fairness_gap(),
            "cost_per_1k_predictions": kpis.cost_per_1k_predictions(self._use, spec.cost_per_hour),
            "roi": kpis.roi(self._use, spec.cost_per_hour, spec.value_per_prediction),
        }

    # Reference and current rows ----------------------------------------------------------------------------------------------

    @property
    def _profile(self) -> Profile | None:
        return self._counting.profile

    @cached_property
    def _captured(self) -> Window:
        if self._shards is not None:
            return self._shards.read_parts(self._spec.instances)
        return self._counting.captured(self._plan.paths)

    @cached_property
    def _curated(self) -> current.CuratedRun | None:
        return current.newest_curated(self._document, self._store)

    @cached_property
    def _source(self) -> str:
        if self._captured.rows:
            return current.CAPTURED
        return current.CURATED if self._curated is not None else current.NONE

    @cached_property
    def _window(self) -> Window:
        """Counts of captured rows; where there are none, of the newest curated ones."""
        if self._source == current.CURATED:
            return self._counting.curated(self._curated)
        return self._captured

    @cached_property
    def _psis(self) -> dict[str, float | None]:
        if self._profile is None or self._window.rows == 0:
            return {}
        return kpis.feature_psis(self._profile, self._window)

    @cached_property
    def _judged_psis(self) -> dict[str, float | None]:
        return kpis.judged_psis(self._profile, self._window, self._psis) if self._psis else {}

    # Single KPIs that need more than one input -------------------------------------------------------------------------------

    def _live_quality(self) -> Measured:
        """The gate's metric on captured predictions of the champion whose labels have matured."""
        labels, captured, data = self._spec.labels, self._captured, self._document.spec.data
        if labels is None:
            return nothing("monitoring.labels is not given")
        if self._version is None:
            return nothing("no champion")
        if captured.labels == 0:
            return nothing(f"no labels with {data.id} and {data.target} below {labels.path}")
        if captured.due == 0:
            return nothing("no captured predictions whose labels are due")
        if len(captured.pairs) == 0:
            return nothing(f"none of {captured.due} captured predictions has a label yet")
        return self._notes.attempt(
            "quality not measured",
            lambda: live_quality(self._document, captured.pairs, self._classes()),
            nothing("the quality could not be measured: see the notes", len(captured.pairs)),
        )

    def _classes(self) -> list[str] | None:
        if self._document.spec.task == "regression" or self._counting.champion is None:
            return None
        if self._profile is not None and self._profile.classes:
            return self._profile.classes
        return self._notes.attempt("the model's classes are not known", lambda: self._counting.champion.metadata.get("classes"))

    def _constraint_violation_rate(self) -> Measured:
        if self._source == current.CURATED:
            return kpis.constraint_violation_rate(
                self._curated.rows_set_aside, self._curated.rows_read or 0, "as counted by curate"
            )
        window = self._window
        if window.rows == 0:
            return nothing("no rows in the window")
        reason = None
        if not window.checked:
            reason = "spec.data.schema has no constraint for the captured columns: only types were checked"
        return kpis.constraint_violation_rate(window.violating, window.rows, kpis.joined(reason, kpis.broken(window)))

    def _data_freshness(self) -> Measured:
        newest = current.newest_raw(self._document, self._store)
        if newest is None:
            return nothing(f"no raw files below {self._document.spec.data.path}")
        age = max((self._now - newest).total_seconds(), 0.0)
        reason = None if self._document.spec.training.schedule else "no training schedule to judge the age by"
        return Measured(age, 1, reason)

    def _fairness_gap(self) -> Measured:
        if not self._spec.segments:
            return nothing("monitoring.segments is not given")
        positive = positive_label(self._document, self._classes() or ())
        selected: list[str] | None = None if positive is None else [positive]
        if self._document.spec.task == "regression":
            selected = []
        return kpis.fairness_gap(self._window.segments, self._window.predicted, selected)

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
        measured = sagemaker_metrics.endpoint_of_environment()
        if measured is not None:
            return sagemaker_metrics.traffic_of(measured, *self._counting.span), None
        snapshots, why_not = self._scraped
        place = f"{self._folder}/state/serving.json"
        before = self._store.read_json(place) if self._store.exists(place) else {}
        return traffic_between(before, snapshots), why_not

    @cached_property
    def _use(self) -> Use | None:
        """What all replicas of the window have done, those that are gone among them."""
        span = self._counting.span
        return self._notes.attempt("use of replicas not read", lambda: use_between(self._document, self._store, *span))

    # Results -----------------------------------------------------------------------------------------------------------------

    def _features(self) -> dict[str, dict[str, Any]]:
        """Of each feature: PSI, what is judged of it (0 where chance explains it), share of missing values, the number of values
        behind the PSI, and what is strange about it.
        """
        if self._profile is None or self._window.rows == 0:
            return {}
        window, notes = self._window, kpis.feature_notes(self._profile, self._window)
        return {
            name: {
                "psi": psi,
                "judged": self._judged_psis[name],
                "missing": kpis.missing_share(window, name),
                "n": window.features[name].n,
                "note": notes.get(name),
            }
            for name, psi in self._psis.items()
        }

    def _serving(self) -> dict[str, Any] | None:
        """What KPIs of serving were computed from, so that they can be recomputed; None without an answer."""
        traffic, _ = self._traffic
        if traffic is None:
            return None
        return {
            "seconds": traffic.seconds,
            "requests": traffic.requests,
            "serverErrors": traffic.server_errors,
            "predictions": traffic.predictions,
            "replicas": traffic.replicas,
        }

    def _all_notes(self) -> list[str]:
        empty = self._profile.empty if self._profile is not None else []
        findings = self._profile.findings if self._profile is not None else []
        left_out = sorted({*self._captured.left_out, *self._window.left_out})
        return [
            *self._notes.texts,
            *([f"the reference has no value of: {kpis.listed(empty)}"] if empty else []),
            *findings,
            *left_out[:10],
            *([f"and {len(left_out) - 10} more files left out"] if len(left_out) > 10 else []),
        ]

    def _log_to_mlflow(self, entries: list[dict[str, Any]]) -> None:
        """One MLflow run for each champion, in which every report is a point in time."""
        version = self._version or "none"
        model = self._document.model
        self._registry.log_report(
            (MONITOR_TAG, f"{model}/{version}"),
            f"monitor-{model}-{version}",
            {"cyclops.model": model},
            {f"kpi.{entry['id']}": entry["value"] for entry in entries if entry["value"] is not None},
            int(self._now.timestamp() * 1000),
        )
