"""What the monitor does with its report: decides whether the model is trained anew, and starts that run once.

Two monitors at the same time, a repeated pod, or one that is killed between starting a run and writing that down must not start
two: the orchestrator is asked for the runs that it knows, and the name of the new run follows from the last one. The state file
only remembers what the orchestrator forgets, and is not needed to tell whether a run was started.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger, redact
from cyclops_runtime.retraining import new_data
from cyclops_runtime.retraining.decision import NEW_DATA, Decision, Started, State, decide, triggers_of
from cyclops_runtime.retraining.launcher import Launcher, Request, TrainingRun, launcher_of, run_name
from cyclops_runtime.retraining.new_data import NewData
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import RUN_ID_TAG, Registry

log = get_logger(__name__)

STARTED, SKIPPED, NOT_ASKED, FAILED = "started", "skipped", "not-asked", "failed"


def consider(
    document: ModelDocument,
    report: Mapping[str, Any],
    store: ZoneStore,
    registry: Registry,
    now: datetime,
    launcher: Launcher | None = None,
) -> dict[str, Any]:
    """The report's entry `retraining`: decision, trigger, reason and name of the run. Never raises: `failed` has the reason.

    `launcher` stands in for the one that the document names.
    """
    if not triggers_of(document.spec):
        return _outcome(NOT_ASKED, None, "training.retrainOn names no trigger that the monitor decides on")
    try:
        outcome = _Consideration(document, report, store, registry, now, launcher or launcher_of(document)).outcome()
    except Exception as error:
        # Store, registry and orchestrator fail in every way; the report must be written all the same.
        outcome = _outcome(FAILED, None, redact(f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"))
    write = log.error if outcome["decision"] == FAILED else log.info
    write("retraining", **outcome)
    return outcome


def _outcome(decision: str, trigger: str | None, reason: str, run: str | None = None) -> dict[str, Any]:
    return {"decision": decision, "trigger": trigger, "reason": reason, "run": run}


class _Consideration:
    def __init__(
        self,
        document: ModelDocument,
        report: Mapping[str, Any],
        store: ZoneStore,
        registry: Registry,
        now: datetime,
        launcher: Launcher | None,
    ) -> None:
        self._document, self._report, self._store, self._registry = document, report, store, registry
        self._now, self._launcher = now, launcher
        self._place = f"predictions/{document.model}/monitor/state/retraining.json"
        self._kept: dict[str, Any] = store.read_json(self._place) if store.exists(self._place) else {}
        self._next: dict[str, Any] = {}

    def outcome(self) -> dict[str, Any]:
        runs = self._launcher.runs() if self._launcher is not None else []
        own = next((run for run in runs if run.report == self._report["run"]), None)
        if own is not None:  # an earlier attempt of this monitor's pod has started it
            return self._remember(_started(own), _outcome(STARTED, own.trigger, "started by an earlier attempt", own.name))
        last = self._last(runs)
        state = State(last, next((run.name for run in runs if run.active), None), self._new_data(last))
        decision = decide(self._report, self._document.spec, state, self._now)
        if not decision.start:
            return self._remember(last, _outcome(SKIPPED, decision.trigger, decision.reason))
        if self._launcher is None:
            reason = f"a run would have been started, but nothing here can start one: {decision.reason}"
            return self._remember(last, _outcome(SKIPPED, decision.trigger, reason))
        run = self._launcher.start(self._request(decision, last))
        if run.report != self._report["run"]:
            reason = f"report {run.report} has already started run {run.name} for {run.trigger} ({decision.reason})"
            return self._remember(_started(run), _outcome(SKIPPED, decision.trigger, reason, run.name))
        return self._remember(_started(run), _outcome(STARTED, decision.trigger, decision.reason, run.name))

    def _last(self, runs: Sequence[TrainingRun]) -> Started | None:
        """The newest run that a trigger has started, of those that orchestrator and state file know."""
        known = [_started(run) for run in runs if run.trigger is not None]
        if kept := self._kept.get("last"):
            known.append(Started(kept["run"], datetime.fromisoformat(kept["at"]), kept["trigger"], kept["report"]))
        return max(known, key=lambda each: each.at, default=None)

    def _new_data(self, last: Started | None) -> NewData | None:
        if NEW_DATA not in triggers_of(self._document.spec):
            return None
        try:
            runs = self._runs_that_saw_data(last)
            compared = self._kept.get("compared") or {}
            before = datetime.fromisoformat(compared["at"]) if compared.get("runs") == runs else None
            found = new_data.look(self._document, self._store, runs, before)
        except Exception as error:
            # The other triggers do not need the raw files.
            log.warning("raw-files-not-compared", reason=f"{type(error).__name__}: {error}")
            return NewData((), f"not compared: {' '.join(str(error).split())[:300]}")
        if not found.files:
            self._next["compared"] = {"runs": runs, "at": self._now.isoformat()}
        return found

    def _runs_that_saw_data(self, last: Started | None) -> list[str]:
        """The champion's run, and the last triggered one if it got as far as a verdict: its data were tried."""
        version, model = self._report["version"], self._document
        champion = self._registry.version_tags(version).get(RUN_ID_TAG) if version is not None else None
        if version is not None and champion is None:
            raise InputError(f"version {version} has no tag {RUN_ID_TAG}: it was not registered by the pipeline")
        judged = last is not None and self._store.exists(model.run_path("models", last.run, "evaluate.json"))
        return [run for run in dict.fromkeys([champion, last.run if judged else None]) if run is not None]

    def _request(self, decision: Decision, last: Started | None) -> Request:
        version = self._report["version"]
        name = run_name(self._launcher.template, last.run if last is not None else None, version)
        return Request(name, decision.trigger, decision.reason, self._report["run"], decision.kpi, decision.value, version)

    def _remember(self, last: Started | None, outcome: dict[str, Any]) -> dict[str, Any]:
        if last is not None:
            self._next["last"] = {"run": last.run, "at": last.at.isoformat(), "trigger": last.trigger, "report": last.report}
        if self._next != self._kept:
            try:
                self._store.write_json(self._place, self._next)
            except Exception as error:
                # The orchestrator knows the run; a later report writes it down.
                log.warning("retraining-state-not-written", reason=f"{type(error).__name__}: {error}")
        return outcome


def _started(run: TrainingRun) -> Started:
    return Started(run.name, run.started, run.trigger or "unknown", run.report or "unknown")
