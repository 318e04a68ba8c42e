"""evaluate: measures the new model and the champion on the same held-out rows, and says whether the gate lets it pass."""

from typing import Any

import msgspec
import pandas

from cyclops_runtime.caching import StepPlan
from cyclops_runtime.document import GateSpec, ModelDocument
from cyclops_runtime.failures import may_pass
from cyclops_runtime.logging import get_logger
from cyclops_runtime.metrics import classification_metrics, is_better_or_equal, regression_metrics
from cyclops_runtime.monitoring.reference import profile_of_training
from cyclops_runtime.prediction import class_probabilities, fit_to_signature, interpret, model_metadata
from cyclops_runtime.run_files import PROFILE_FILE, read_train_result
from cyclops_runtime.storage import ZoneStore
from cyclops_runtime.tracking import Registry, load_model
from cyclops_runtime.values.reader import texts

log = get_logger(__name__)


def plan(document: ModelDocument, run_id: str) -> StepPlan:
    """A verdict depends on the rows, the model, the gate and the champion of the moment."""
    return StepPlan(
        inputs=[
            *(document.run_path("features", run_id, name) for name in ("test.parquet", "train.parquet")),
            document.run_path("models", run_id, "train.json"),
        ],
        outputs=[document.run_path("models", run_id, "evaluate.json")],
        extras=[document.run_path("models", run_id, PROFILE_FILE)],
        configuration={
            "task": document.spec.task,
            "gate": msgspec.to_builtins(document.spec.training.gate),
            "champion": Registry(document).champion(),
            "registry": msgspec.to_builtins(document.registry),
        },
    )


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `evaluate.json` (metrics of the model and of the champion, the verdict with its reason) and `profile.json`."""
    store = ZoneStore(document)
    train = read_train_result(document, run_id)
    preprocess = store.read_json(document.run_path("features", run_id, "preprocess.json"))
    rows = store.read_parquet(document.run_path("features", run_id, "test.parquet"))
    model = load_model(train["modelUri"])
    output = model.predict(fit_to_signature(model, rows))
    metrics = measure(model, output, rows, preprocess, document.spec.task)
    champion = _measure_champion(document, rows, preprocess)
    passed, reason = judge(document.spec.training.gate, metrics, champion)
    result = {
        "metrics": metrics,
        "rows": len(rows),
        "champion": champion,
        "passed": passed,
        "reason": reason,
        "modelUri": train["modelUri"],
    }
    store.write_json(document.run_path("models", run_id, "evaluate.json"), result)
    _write_profile(document, run_id, model, output, metrics)
    _log_to_mlflow(document, train.get("mlflowRunId"), metrics, passed)
    log.info(
        "model-measured",
        passed=passed,
        reason=reason,
        rows=len(rows),
        **{name: value for name, value in metrics.items() if value is not None},
    )
    return result


def _write_profile(document: ModelDocument, run_id: str, model: Any, output: Any, metrics: dict[str, float | None]) -> None:
    """Keeps what monitoring compares with, so that its runs read neither training rows nor model."""
    try:
        profile = profile_of_training(document, run_id, model, interpret(output, model_metadata(model)), metrics)
        ZoneStore(document).write_json(document.run_path("models", run_id, PROFILE_FILE), profile.to_json())
        log.info("profile-made", features=len(profile.features), rows=profile.rows)
    except Exception as error:  # the monitor makes it later; a version that has been measured must not fail for its sake
        log.warning("profile-not-made", reason=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")


def measure(model: Any, output: Any, rows: pandas.DataFrame, preprocess: dict[str, Any], task: str) -> dict[str, float | None]:
    """All metrics of the task for what a pyfunc model answered (`output`) on rows with their target."""
    metadata = model_metadata(model)
    truth = rows[preprocess["target"]]
    labels = interpret(output, metadata)["label"]
    if task == "regression":
        return regression_metrics(truth, labels)
    return classification_metrics(
        texts(truth),
        texts(labels),
        class_probabilities(output, metadata),
        metadata.get("classes") or [],
        preprocess["positive"],
    )


def _measure_champion(document: ModelDocument, rows: pandas.DataFrame, preprocess: dict[str, Any]) -> dict[str, Any] | None:
    """Version and metrics of the champion; `error` in place of metrics where it cannot be measured; None without one."""
    registry = Registry(document)
    version = registry.champion()
    if version is None:
        return None
    try:
        model = registry.load(version)
        output = model.predict(fit_to_signature(model, rows))
        return {"version": version, "metrics": measure(model, output, rows, preprocess, document.spec.task)}
    except Exception as error:  # a champion of older columns or libraries must not stop its successor
        if may_pass(error):
            raise  # one that cannot be fetched for a minute must not count as one that cannot be measured
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        log.warning("champion-not-measured", version=version, reason=reason)
        return {"version": version, "error": reason}


def judge(gate: GateSpec, metrics: dict[str, float | None], champion: dict[str, Any] | None) -> tuple[bool, str]:
    """Whether the gate lets a model with these metrics pass, and the reason in plain language."""
    value = metrics.get(gate.metric)
    if value is None:
        return False, f"{gate.metric} is not defined on the held-out rows, so the version may not be judged"
    findings = [f"{gate.metric} is {value:.4g}"]
    passed = True
    if gate.min is not None:
        passed &= value >= gate.min
        findings.append(f"{'at least' if value >= gate.min else 'below'} {gate.min:g}")
    if gate.max is not None:
        passed &= value <= gate.max
        findings.append(f"{'at most' if value <= gate.max else 'above'} {gate.max:g}")
    if gate.beat_champion:
        good, finding = _against_champion(gate, value, champion)
        passed &= good
        findings.append(finding)
    return passed, ", ".join(findings)


def _against_champion(gate: GateSpec, value: float, champion: dict[str, Any] | None) -> tuple[bool, str]:
    if champion is None:
        return True, "and there is no champion to beat"
    other = champion.get("metrics", {}).get(gate.metric)
    name = f"champion (version {champion['version']})"
    if other is None:
        # An absolute bound has judged the version; without one, nothing has.
        if gate.min is not None or gate.max is not None:
            return True, f"and the {name} could not be measured, so only the bound counts"
        return False, (
            f"and the {name} could not be measured, so the version may not be judged: "
            "give spec.training.gate a min or max to go on without a comparison"
        )
    good = is_better_or_equal(gate.metric, value, other, gate.tolerance)
    tolerance = f" within {gate.tolerance:g}" if gate.tolerance else ""
    return good, f"{'as good as' if good else 'worse than'} the {name} with {other:.4g}{tolerance}"


def _log_to_mlflow(document: ModelDocument, mlflow_run_id: str | None, metrics: dict[str, float | None], passed: bool) -> None:
    if mlflow_run_id is None:
        return
    registry = Registry(document)
    registry.log_metrics(mlflow_run_id, {name: value for name, value in metrics.items() if value is not None})
    registry.tag_run(mlflow_run_id, "cyclops.gate", "passed" if passed else "refused")
