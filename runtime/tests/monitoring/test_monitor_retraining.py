"""What a whole report says about retraining; when and how often a run is started is tested in tests/retraining."""

import json

import msgspec
import pytest
import serving_support as support
from test_monitor import NOW, capture, champion  # noqa: F401 (a fixture)

from cyclops_runtime.monitoring import monitor

pytestmark = pytest.mark.usefixtures("champion")


@pytest.mark.parametrize(
    ("retrain_on", "shift", "decision", "trigger"),
    [
        (["drift"], 25, "skipped", "drift"),  # nothing here can start a run
        (["drift"], 0, "skipped", None),
        ([], 25, "not-asked", None),
    ],
)
def test_the_report_says_whether_the_model_is_trained_anew(tmp_path, name, saved, retrain_on, shift, decision, trigger):
    document = support.make_document(tmp_path, name, monitoring={}, serving=False)
    training = msgspec.structs.replace(document.spec.training, retrain_on=retrain_on)
    document = msgspec.structs.replace(document, spec=msgspec.structs.replace(document.spec, training=training))
    people = support.people(800, 21)  # those of the training, so that an unshifted window has no drift
    capture(tmp_path, saved, people, age=people["age"] + shift)
    report = monitor.run(document, "m1", NOW)
    assert (report["retraining"]["decision"], report["retraining"]["trigger"], report["retraining"]["run"]) == (
        decision,
        trigger,
        None,
    )
    assert ("would have been started" in report["retraining"]["reason"]) == (trigger is not None)
    assert json.loads((tmp_path / "predictions/churn/monitor/m1.json").read_text())["retraining"] == report["retraining"]
