"""Counts the current window of one model: the whole of it, or one instance's share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from cyclops_runtime.config import Share
from cyclops_runtime.document import ModelDocument, MonitoringSpec, parse_duration
from cyclops_runtime.logging import get_logger
from cyclops_runtime.monitoring import current
from cyclops_runtime.monitoring.profile import Profile
from cyclops_runtime.monitoring.reference import Champion
from cyclops_runtime.monitoring.shards import Plan, Shards
from cyclops_runtime.monitoring.tally import Question, Span
from cyclops_runtime.monitoring.window import Window
from cyclops_runtime.prediction import predict
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry

log = get_logger(__name__)


class Notes:
    """What could not be done, for the report."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def attempt(self, failure: str, work: Callable[[], Any], otherwise: Any = None) -> Any:
        """The work's result; where it fails, a note, and `otherwise`."""
        begun = time.monotonic()
        try:
            return work()
        except Exception as error:
            # Users' data, models and stores fail in every way; the KPIs that do not need this one must still be reported.
            text = f"{failure}: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
            log.warning("incomplete", reason=text, seconds=round(time.monotonic() - begun, 3))
            self.texts.append(text)
            return otherwise


class Counting:
    """The champion's reference, and the counts of rows to compare with it. Each input is gathered when it is first needed."""

    def __init__(self, document: ModelDocument, store: ZoneStore, registry: Registry, plan: Plan, notes: Notes) -> None:
        self._document, self._store, self._plan, self._notes = document, store, plan, notes
        self._spec = document.spec.monitoring or MonitoringSpec()
        self.champion = None if plan.version is None else Champion(document, store, registry, plan.version)

    @cached_property
    def span(self) -> Span:
        """The current window, from its start to before its end."""
        return self._plan.now - timedelta(seconds=parse_duration(self._spec.window)), self._plan.now

    @cached_property
    def profile(self) -> Profile | None:
        """The champion's profile; None, with a note, where there is none and its training rows cannot be had."""
        if self.champion is None:
            self._notes.texts.append("the registry has no champion")
            return None
        return self.champion.profile(self._notes.attempt)

    def captured(self, paths: Sequence[str]) -> Window:
        """Counts of captured rows in these files, with the labels that have come for them."""
        due = current.label_span(self._document, self._plan.now) if self._plan.version is not None else None
        classes = self.profile.classes if due is not None and self.profile is not None else None
        labels, left_out = ({}, []) if due is None else current.matured_labels(self._document, self._store, classes)
        question = self._question(span=self.span, due=due if labels else None, labels=labels)
        # What all instances read and say alike is in every part, and counts once.
        return Window(labels=len(labels), left_out=left_out) + current.count_files(self._store, question, list(paths))

    def curated(self, run: current.CuratedRun) -> Window:
        """Counts of the newest curated rows, with the champion's predictions on them made now."""
        self._notes.texts.append(f"no captured requests in the window: run {run.run_id}'s curated rows are compared")
        path = self._document.run_path("curated", run.run_id, "data.parquet")
        champion = self.champion
        if champion is not None and self.profile is not None:
            found = self._notes.attempt(
                "no predictions on curated rows",
                lambda: self._count_curated(path, self._question(predict=lambda rows: predict(champion.model, rows))),
            )
            if found is not None:
                return found
        return self._count_curated(path, self._question())

    def _count_curated(self, path: str, question: Question) -> Window:
        return current.count_files(self._store, question, [path])

    def _question(self, **more: Any) -> Question:
        data = self._document.spec.data
        # One customer may be asked about twice: uniqueness is a constraint of the training data alone, as is all of the target.
        schema = {name: spec for name, spec in data.schema.items() if name != data.target}
        return Question(
            reference=self.profile,
            schema=schema,
            segments=tuple(self._spec.segments),
            version=self._plan.version,
            id_column=data.id,
            **more,
        )


def make_plan(document: ModelDocument, store: ZoneStore, registry: Registry, now: datetime) -> tuple[str | None, list]:
    """The champion's version, and the captured files that a report of this moment needs."""
    window = parse_duration((document.spec.monitoring or MonitoringSpec()).window)
    spans = ((now - timedelta(seconds=window), now), current.label_span(document, now))
    return registry.champion(), current.captured_files(document, store, *spans)


def plan_run(document: ModelDocument, run_id: str, now: datetime) -> dict[str, Any]:
    """First part of a shared run: fixes time, champion and files, and makes the profile where it is missing."""
    store, registry = ZoneStore(document), Registry(document)
    version, files = make_plan(document, store, registry, now)
    plan = Shards(store, document.model, run_id).write_plan(now, version, files)
    # Made here once, so that the instances find it.
    _ = Counting(document, store, registry, plan, Notes()).profile
    log.info("monitor-planned", files=len(files), version=version, bytes=sum(file.size for file in files))
    return {"version": version, "files": len(files)}


def count_share(document: ModelDocument, run_id: str, share: Share) -> dict[str, Any]:
    """Second part of a shared run: one instance's share of the files."""
    store = ZoneStore(document)
    shards = Shards(store, document.model, run_id)
    plan = shards.read_plan()
    paths = plan.paths_of(share)
    window = Counting(document, store, Registry(document), plan, Notes()).captured(paths)
    shards.write_part(share, window)
    log.info("share-counted", shard=f"{share.index}/{share.count}", files=len(paths), rows=window.rows)
    return {"shard": f"{share.index}/{share.count}", "files": len(paths), "rows": window.rows}
