"""tune: searches hyper-parameters by cross-validation on the training rows, then trains with the best ones.

Every trial is a child run in MLflow. Hyper-parameters in the spec are fixed, the others of the search space are searched.
The first trial is the algorithm's defaults, so that tuning never ends below them on the same folds. With `parallelism` 1
the search is repeatable; above that the order in which trials end decides what later trials learn from earlier ones.
"""

import math
from collections.abc import Callable
from typing import Any

from cyclops_runtime.document import LESS_IS_BETTER, ModelDocument, TuneSpec
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.modelling import build_pipeline
from cyclops_runtime.tracking import Registry
from cyclops_runtime.training import TrainingRows, plan, train_and_log

__all__ = ["plan", "run"]

log = get_logger(__name__)

_FOLDS = 3
_SCORERS = {
    "roc_auc": "roc_auc",
    "average_precision": "average_precision",
    "accuracy": "accuracy",
    "f1": "f1",
    "precision": "precision",
    "recall": "recall",
    "log_loss": "neg_log_loss",
    "rmse": "neg_root_mean_squared_error",
    "mae": "neg_mean_absolute_error",
    "mape": "neg_mean_absolute_percentage_error",
    "r2": "r2",
}
_SPACES: dict[str, dict[str, Callable[[Any, str], Any]]] = {
    "linear": {},
    "random-forest": {
        "n_estimators": lambda trial, name: trial.suggest_int(name, 50, 400, step=50),
        "min_samples_leaf": lambda trial, name: trial.suggest_int(name, 1, 50, log=True),
        "max_features": lambda trial, name: trial.suggest_float(name, 0.1, 1.0),
    },
    "gradient-boosting": {
        "learning_rate": lambda trial, name: trial.suggest_float(name, 0.01, 0.3, log=True),
        "max_iter": lambda trial, name: trial.suggest_int(name, 50, 400, step=50),
        "max_leaf_nodes": lambda trial, name: trial.suggest_int(name, 7, 63),
        "min_samples_leaf": lambda trial, name: trial.suggest_int(name, 5, 100, log=True),
        "l2_regularization": lambda trial, name: trial.suggest_float(name, 1e-6, 10.0, log=True),
    },
}
_DEFAULTS = {
    "random-forest": {"n_estimators": 200, "min_samples_leaf": 2, "max_features": 1.0},
    "gradient-boosting": {
        "learning_rate": 0.1,
        "max_iter": 100,
        "max_leaf_nodes": 31,
        "min_samples_leaf": 20,
        "l2_regularization": 1e-6,
    },
    "C": {"C": 1.0},
    "alpha": {"alpha": 1.0},
}


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """Writes `train.json` like the train step does; its parameters are the best ones found."""
    return train_and_log(document, run_id, lambda rows, active: _search(document, rows, active.info.run_id))


def _search(document: ModelDocument, rows: TrainingRows, parent_run: str) -> dict[str, Any]:
    import mlflow
    import optuna

    training = document.spec.training
    tuning = training.tune or TuneSpec()
    fixed = dict(training.hyperparameters)
    space, defaults = _space(document)
    space = {name: suggest for name, suggest in space.items() if name not in fixed}
    if not space:
        raise InputError(
            "spec.training.hyperparameters fixes everything that tune would search: take one away, or spec.training.tune"
        )
    # A wrong fixed hyper-parameter is one mistake in the spec, and not as many failed trials.
    build_pipeline(training.algorithm, document.spec.task != "regression", rows.preprocess["columns"], fixed, training.seed)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=training.seed))
    study.enqueue_trial({name: defaults[name] for name in space})
    registry = Registry(document)
    experiment = registry.experiment_id()

    def objective(trial: Any) -> float:
        chosen = {**fixed, **{name: suggest(trial, name) for name, suggest in space.items()}}
        return _run_trial(document, rows, chosen, trial.number, (registry.client, experiment, parent_run))

    study.optimize(objective, n_trials=tuning.trials, n_jobs=tuning.parallelism, catch=(ValueError, FloatingPointError))
    finished = [trial for trial in study.trials if trial.state == optuna.trial.TrialState.COMPLETE]
    if not finished:
        raise InputError(f"none of {tuning.trials} trials succeeded; see their runs in MLflow below {parent_run}")
    sign = -1 if training.gate.metric in LESS_IS_BETTER else 1
    mlflow.log_metric(f"cv_{training.gate.metric}", sign * study.best_value)
    mlflow.log_param("trials", len(study.trials))
    log.info(
        "search-done",
        trials=len(study.trials),
        failed=len(study.trials) - len(finished),
        **{training.gate.metric: sign * study.best_value},
    )
    return {**fixed, **study.best_params}


def _space(document: ModelDocument) -> tuple[dict[str, Callable[[Any, str], Any]], dict[str, Any]]:
    algorithm = document.spec.training.algorithm
    if algorithm == "linear":
        # Logistic regression calls its regularisation C (the inverse), ridge regression alpha.
        name = "alpha" if document.spec.task == "regression" else "C"
        return {name: lambda trial, key: trial.suggest_float(key, 1e-4, 1e3, log=True)}, _DEFAULTS[name]
    return _SPACES[algorithm], _DEFAULTS[algorithm]


def _run_trial(
    document: ModelDocument, rows: TrainingRows, chosen: dict[str, Any], number: int, place: tuple[Any, str, str]
) -> float:
    """Mean score over the folds (more is better), logged as child run. `place`: MLflow client, experiment, parent run."""
    client, experiment, parent_run = place
    # The client's own calls, as the active run of the fluent interface is one per process and trials are threads.
    child = client.create_run(experiment, run_name=f"trial-{number}", tags={"mlflow.parentRunId": parent_run}).info.run_id
    try:
        score = _cross_validate(document, rows, chosen)
    except Exception:
        client.set_terminated(child, "FAILED")
        raise
    metric = document.spec.training.gate.metric
    for name, value in chosen.items():
        client.log_param(child, name, value)
    client.log_metric(child, f"cv_{metric}", -score if metric in LESS_IS_BETTER else score)
    client.set_terminated(child, "FINISHED")
    log.info("trial-done", number=number, score=score)
    return score


def _cross_validate(document: ModelDocument, rows: TrainingRows, chosen: dict[str, Any]) -> float:
    from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score

    training, task = document.spec.training, document.spec.task
    pipeline = build_pipeline(training.algorithm, task != "regression", rows.preprocess["columns"], chosen, training.seed)
    splitter = (KFold if task == "regression" else StratifiedKFold)(_FOLDS, shuffle=True, random_state=training.seed)
    target: Any = rows.target
    if task == "binary-classification":
        # Scorers of scikit-learn take 1 for the positive class.
        target = (rows.target == rows.preprocess["positive"]).astype(int)
    scores = cross_val_score(
        pipeline, rows.features, target, cv=splitter, scoring=_scorer(training.gate.metric, task), error_score="raise"
    )
    mean = float(scores.mean())
    if not math.isfinite(mean):
        raise ValueError(f"{training.gate.metric} is not defined on these rows")
    return mean


def _scorer(metric: str, task: str) -> Any:
    if task != "multiclass-classification" or metric in ("accuracy", "log_loss"):
        return _SCORERS[metric]
    if metric == "roc_auc":
        return "roc_auc_ovr"
    if metric == "average_precision":
        from sklearn.metrics import average_precision_score, make_scorer

        return make_scorer(average_precision_score, response_method="predict_proba")
    return f"{metric}_macro"
