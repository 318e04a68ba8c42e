"""The monitor judges by the thresholds by which alerts and dashboards are made: those that core has written into kpi_catalogue.json."""

import json
from pathlib import Path

import msgspec
import pytest

from cyclops_runtime.document import GateSpec, ThresholdSpec
from cyclops_runtime.monitoring.kpis import BEYOND_CHANCE, THRESHOLDS, Thresholds, effective_thresholds
from cyclops_runtime.monitoring.schedule import longest_interval

CATALOGUE = json.loads((Path(__file__).parent / "kpi_catalogue.json").read_text())


def thresholds(entry):
    return Thresholds(entry["unit"], entry["direction"] == "up", entry["warn"], entry["critical"], entry["minSamples"])


def test_the_table_is_that_of_the_catalogue():
    assert list(THRESHOLDS) == list(CATALOGUE["thresholds"])
    assert dict(THRESHOLDS) == {kpi: thresholds(entry) for kpi, entry in CATALOGUE["thresholds"].items()}


@pytest.mark.parametrize("cron", CATALOGUE["intervals"])
def test_the_intervals_of_schedules(cron):
    assert longest_interval(cron) == CATALOGUE["intervals"][cron]


@pytest.mark.parametrize("case", CATALOGUE["effective"], ids=lambda case: case["name"])
def test_the_thresholds_of_a_model(case):
    overrides = msgspec.convert(case["thresholds"], dict[str, ThresholdSpec])
    gate = msgspec.convert(case["gate"], GateSpec)
    table = effective_thresholds(overrides, gate, longest_interval(case["schedule"] or ""))
    assert table == {kpi: thresholds(entry) for kpi, entry in case["effective"].items()}


def test_the_kpis_that_chance_may_explain_are_the_catalogues():
    assert list(BEYOND_CHANCE) == CATALOGUE["beyondChance"]
