"""The model document: what the provider packages tell the commands. Names and meaning are the runtime contract's.

Attributes are the JSON's names in snake case. Defaults are those of the TypeScript spec, so that a document written
by hand for a laptop may leave them out.
"""

from typing import Annotated, Any, Literal, TypeVar

import fsspec
import msgspec
from msgspec import Meta, Struct

from cyclops_runtime.durations import DURATION_PATTERN, parse_duration
from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger

__all__ = ["ModelDocument", "load_document", "parse_document", "parse_duration"]

log = get_logger(__name__)

FORMAT_VERSION = 1
CLASSIFICATION_METRICS = ("roc_auc", "average_precision", "f1", "accuracy", "precision", "recall", "log_loss")
REGRESSION_METRICS = ("rmse", "mae", "mape", "r2")
LESS_IS_BETTER = frozenset({"log_loss", "rmse", "mae", "mape"})

Task = Literal["binary-classification", "multiclass-classification", "regression"]
Metric = Literal["roc_auc", "average_precision", "f1", "accuracy", "precision", "recall", "log_loss", "rmse", "mae", "mape", "r2"]
Duration = Annotated[str, Meta(pattern=DURATION_PATTERN)]
Share = Annotated[float, Meta(ge=0, le=1)]
ZonePath = Annotated[str, Meta(pattern=r"^(raw|curated|features|models|predictions)/")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Entrypoint = Annotated[str, Meta(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]


class _Part(Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of every part of the document: immutable, camel case in JSON."""


class ObjectSource(_Part, tag="object", tag_field="kind"):
    """Files below an fsspec address."""

    uri: str
    secret: str | None = None


class HttpSource(_Part, tag="http", tag_field="kind"):
    """One file behind an HTTPS address."""

    url: Annotated[str, Meta(pattern=r"^https?://")]
    secret: str | None = None


class SqlSource(_Part, tag="sql", tag_field="kind"):
    """Rows of a single SELECT statement."""

    query: str
    secret: str


class ColumnSpec(_Part):
    """Constraints of one column."""

    type: Literal["integer", "number", "string", "boolean", "datetime"]
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    allowed: list[str] | None = None
    unique: bool = False


class DataSpec(_Part):
    """Training data of the model."""

    path: Annotated[str, Meta(pattern=r"^raw/")]
    target: str
    format: Literal["csv", "parquet", "jsonl"] = "csv"
    source: ObjectSource | HttpSource | SqlSource | None = None
    positive: str | int | float | bool | None = None
    id: str | None = None
    timestamp: str | None = None
    drop: list[str] = []
    schema: dict[str, ColumnSpec] = {}
    max_violation_share: Share = 0.05


class StepSpec(_Part):
    """How one step runs; sizes and time limits are the pipeline's business, not the command's."""

    size: str = "S"
    gpu: int = 0
    spot: bool = False
    instances: Annotated[int, Meta(ge=1)] = 1
    retries: int = 2
    timeout: Duration = "1h"
    cache: bool = False
    image: str | None = None
    command: list[str] | None = None
    entrypoint: Entrypoint | None = None
    environment: dict[str, str] = {}


class GateSpec(_Part):
    """The condition a new version must meet."""

    metric: Metric
    min: float | None = None
    max: float | None = None
    beat_champion: bool = False
    tolerance: Annotated[float, Meta(ge=0)] = 0.0


class TuneSpec(_Part):
    """Hyper-parameter search."""

    trials: Annotated[int, Meta(ge=1, le=500)] = 20
    parallelism: Annotated[int, Meta(ge=1, le=32)] = 1


class ApprovalSpec(_Part):
    """Approval by a person."""

    timeout: Duration = "7d"


class TrainingSpec(_Part):
    """Training pipeline."""

    gate: GateSpec
    schedule: str | None = None
    timezone: str = "UTC"
    retrain_on: list[Literal["drift", "new-data", "quality", "schedule"]] = []
    cooldown: Duration = "24h"
    algorithm: Literal["linear", "random-forest", "gradient-boosting"] = "gradient-boosting"
    hyperparameters: dict[str, str | int | float | bool] = {}
    tune: TuneSpec | None = None
    approval: ApprovalSpec | None = None
    test_share: Annotated[float, Meta(gt=0, le=0.5)] = 0.2
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)] = 42
    steps: dict[str, StepSpec] = {}


class BatchSpec(_Part):
    """Batch inference."""

    schedule: str | None = None
    timezone: str = "UTC"
    input: Annotated[str, Meta(pattern=r"^(raw|curated)/")] | None = None
    size: str = "S"
    instances: Annotated[int, Meta(ge=1)] = 1
    spot: bool = False
    retries: int = 2
    timeout: Duration = "1h"


class ReplicaBounds(_Part):
    """Bounds of the autoscaler."""

    min: Annotated[int, Meta(ge=0)] = 1
    max: Annotated[int, Meta(ge=1)] = 3


class RolloutSpec(_Part):
    """How a new version takes over; `percent` of requests, `max_error_rate` in [0, 1]."""

    strategy: Literal["all-at-once", "canary", "shadow"] = "canary"
    percent: Annotated[float, Meta(gt=0, le=100)] = 10
    bake: Duration = "10m"
    max_error_rate: Share = 0.01


class CaptureSpec(_Part):
    """Logging of requests; `percent` of them."""

    percent: Annotated[float, Meta(ge=0, le=100)] = 100


class EndpointSpec(_Part):
    """Online predictions."""

    kind: Literal["realtime", "serverless", "async"] = "realtime"
    size: str = "S"
    gpu: int = 0
    replicas: ReplicaBounds = ReplicaBounds()
    target_utilization: float = 70
    rollout: RolloutSpec = RolloutSpec()
    capture: CaptureSpec | None = None


class ThresholdSpec(_Part):
    """Overrides of one KPI's alert."""

    warn: float | None = None
    critical: float | None = None
    min_samples: int | None = None
    cooldown: Duration | None = None


class LabelsSpec(_Part):
    """Labels that arrive after the prediction."""

    path: Annotated[str, Meta(pattern=r"^raw/")]
    delay: Duration = "0s"


class MonitoringSpec(_Part):
    """KPIs of the model; money in USD."""

    schedule: str = "0 * * * *"
    timezone: str = "UTC"
    window: Duration = "24h"
    instances: Annotated[int, Meta(ge=1, le=100)] = 1
    value_per_prediction: float | None = None
    cost_per_hour: float | None = None
    segments: list[str] = []
    labels: LabelsSpec | None = None
    thresholds: dict[str, ThresholdSpec] = {}


class ModelSpec(_Part):
    """The model's entry of the stack spec."""

    task: Task
    data: DataSpec
    training: TrainingSpec
    batch: BatchSpec | None = None
    endpoint: EndpointSpec | None = None
    monitoring: MonitoringSpec | None = None


class Zones(_Part):
    """fsspec addresses (or local paths) of the five storage zones."""

    raw: str
    curated: str
    features: str
    models: str
    predictions: str


class RegistryNames(_Part):
    """Names of the MLflow experiment and of the registered model."""

    experiment: str
    model: str


class Gateway(_Part):
    """The Gateway API route whose weights split traffic."""

    namespace: str
    route: str
    stable_service: str
    canary_service: str
    canary_deployment: str
    canary_pods: str
    port: int


class Serving(_Part):
    """Where the scorer answers; `pods` gives one address a replica."""

    url: str
    pods: str
    gateway: Gateway | None = None


class ArgoOrchestration(_Part, tag="argo", tag_field="kind"):
    """The Argo WorkflowTemplate that trains the model; `template` is at most 52 characters long."""

    namespace: Name
    template: Annotated[str, Meta(min_length=1, max_length=52)]


class StepFunctionsOrchestration(_Part, tag="step-functions", tag_field="kind"):
    """The state machine of AWS Step Functions that trains the model, by its ARN."""

    state_machine: Annotated[str, Meta(pattern=r"^arn:[a-z-]+:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[A-Za-z0-9_-]{1,80}$")]


class CapturedRequests(_Part):
    """What the scorer keeps: `percent` of the requests, and of each the `columns` that it brings, besides the features."""

    percent: Annotated[float, Meta(ge=0, le=100)]
    columns: list[str]


class ScorerDocument(_Part):
    """What the scorer needs to know about one model."""

    format_version: int
    stack: Name
    environment: Literal["dev", "test", "staging", "prod"]
    model: Name
    zones: Zones
    registry: RegistryNames
    target: str
    capture: CapturedRequests
    monitored: bool


class ModelDocument(ScorerDocument):
    """Everything a command needs to know about one model."""

    spec: ModelSpec
    serving: Serving | None = None
    orchestration: ArgoOrchestration | StepFunctionsOrchestration | None = None

    def run_path(self, zone: str, run_id: str, file: str) -> str:
        """Zone path of one file of a run, e.g. `features/churn/runs/R/train.parquet`."""
        return f"{zone}/{self.model}/runs/{run_id}/{file}"

    def step(self, name: str) -> StepSpec:
        """How a step runs: its entry in `training.steps`, or the defaults."""
        return self.spec.training.steps.get(name) or StepSpec()


_Document = TypeVar("_Document", bound=ScorerDocument)


def load_document(uri: str) -> ModelDocument:
    """Reads and checks the model document at a path or fsspec address; InputError names what is wrong with it."""
    return parse_document(_read(uri), uri)


def load_scorer_document(uri: str) -> ScorerDocument:
    """Reads and checks what the scorer reads of a document at a path or fsspec address; InputError names what is wrong."""
    return _converted(_decoded(_read(uri), uri), ScorerDocument, uri)


def _read(uri: str) -> bytes:
    from cyclops_runtime.storage import storage_options

    try:
        with fsspec.open(uri, "rb", **storage_options(uri)) as file:
            return file.read()
    except FileNotFoundError:
        raise InputError(
            f"model document {uri}: no such file; give its path or address with --config or CYCLOPS_CONFIG"
        ) from None
    except Exception as error:  # every storage library has its own errors; all of them mean "cannot be read"
        raise InputError(f"model document {uri}: cannot be read: {error}") from error


def parse_document(content: bytes, source: str) -> ModelDocument:
    """Checks a model document; `source` names it in the InputError."""
    raw = _decoded(content, source)
    document = _converted(raw, ModelDocument, source)
    _check_meaning(document, source)
    for field in _unknown_fields(raw, msgspec.to_builtins(document), ""):
        # A newer package may say more than this runtime knows; a typing error deserves to be seen all the same.
        log.warning("unknown-field", document=source, field=field)
    return document


def _decoded(content: bytes, source: str) -> Any:
    try:
        raw = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"model document {source}: is not JSON: {error}") from None
    if isinstance(raw, dict) and raw.get("formatVersion", FORMAT_VERSION) != FORMAT_VERSION:
        raise InputError(
            f"model document {source}: formatVersion is {raw['formatVersion']!r}, but this runtime reads "
            f"{FORMAT_VERSION}: use the runtime image of the same CyclOps version"
        )
    return raw


def _converted(raw: Any, kind: type[_Document], source: str) -> _Document:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise InputError(f"model document {source}: {_in_words(error)}") from None


def _in_words(error: msgspec.ValidationError) -> str:
    problem, _, place = str(error).partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    return f"{place}: {problem}" if place else problem


def _check_meaning(document: ModelDocument, source: str) -> None:
    """What types cannot say; InputError with every problem at once."""
    data, gate, task = document.spec.data, document.spec.training.gate, document.spec.task
    problems = []
    if task == "binary-classification" and data.positive is None:
        problems.append("spec.data.positive: binary classification needs the value of the target that counts as positive")
    metrics = REGRESSION_METRICS if task == "regression" else CLASSIFICATION_METRICS
    if gate.metric not in metrics:
        problems.append(f"spec.training.gate.metric: {gate.metric} is no metric of {task}; use one of {', '.join(metrics)}")
    if gate.min is None and gate.max is None and not gate.beat_champion:
        problems.append("spec.training.gate: give min, max or beatChampion; a gate without a condition lets everything pass")
    for role, column in (("id", data.id), ("timestamp", data.timestamp)):
        if column == data.target:
            problems.append(f"spec.data.{role}: {column!r} is the target")
    if data.target in data.drop:
        problems.append(f"spec.data.drop: {data.target!r} is the target; it cannot be dropped")
    for name, step in document.spec.training.steps.items():
        if step.command and step.entrypoint:
            problems.append(f"spec.training.steps.{name}: command and entrypoint exclude each other")
    if problems:
        raise InputError(f"model document {source}: " + "; ".join(problems))


def _unknown_fields(raw: Any, known: Any, place: str) -> list[str]:
    if isinstance(raw, dict) and isinstance(known, dict):
        unknown = [f"{place}{key}" for key in raw if key not in known]
        return unknown + [
            field for key in raw if key in known for field in _unknown_fields(raw[key], known[key], f"{place}{key}.")
        ]
    return []
