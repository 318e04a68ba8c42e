"""The MLflow registry, as far as the contract uses it: versions, the two aliases and tags."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cyclops_runtime.errors import InputError
from cyclops_runtime.logging import get_logger
from cyclops_runtime.mlflow_rest import LeftToMlflow, RestClient, rest_client
from cyclops_runtime.stored_model import open_model

if TYPE_CHECKING:
    from cyclops_runtime.document import ModelDocument

log = get_logger(__name__)

CHAMPION = "champion"
CHALLENGER = "challenger"
RUN_ID_TAG = "cyclops.run-id"
MODEL_URI_TAG = "cyclops.model-uri"
TRAIN_DATA_TAG = "cyclops.train-data"
PROFILE_TAG = "cyclops.profile"
OUTCOME_TAG = "cyclops.outcome"
ROLLOUT_TAG = "cyclops.rollout"


class Registry:
    """One registered model and its experiment. Versions are text, as MLflow's REST interface gives them."""

    def __init__(self, document: "ModelDocument"):
        self.model_name = document.registry.model
        self.experiment_name = document.registry.experiment

    @cached_property
    def client(self) -> Any:
        """What answers the registry's questions: a RestClient where MLflow is a plain HTTP server, else MLflow's own client."""
        return rest_client() or self.mlflow_client

    @cached_property
    def mlflow_client(self) -> Any:
        """MLflow's client; made, and mlflow imported, on first use."""
        _quieten_mlflow()
        from mlflow import MlflowClient

        return MlflowClient()

    def experiment_id(self) -> str:
        """Id of the experiment, which is made where it is missing."""
        experiment = self.client.get_experiment_by_name(self.experiment_name)
        if experiment is None:
            try:
                return self.client.create_experiment(self.experiment_name)
            except Exception:  # another run of this stack was faster
                experiment = self.client.get_experiment_by_name(self.experiment_name)
                if experiment is None:
                    raise
        if experiment.lifecycle_stage != "active":
            raise InputError(
                f"MLflow experiment {self.experiment_name!r} was deleted: restore it "
                f"(mlflow experiments restore --experiment-id {experiment.experiment_id})"
            )
        return experiment.experiment_id

    def champion(self) -> str | None:
        """The version that is served, or None."""
        return self._version_of(CHAMPION)

    def challenger(self) -> str | None:
        """The version that is being rolled out, or None."""
        return self._version_of(CHALLENGER)

    def set_alias(self, alias: str, version: str) -> None:
        """Points an alias at a version."""
        self.client.set_registered_model_alias(self.model_name, alias, version)

    def delete_alias(self, alias: str) -> None:
        """Takes an alias away; does nothing where there is none."""
        if self._version_of(alias) is not None:
            self.client.delete_registered_model_alias(self.model_name, alias)

    def create_version(self, model_uri: str, mlflow_run_id: str | None, run_id: str, tags: dict[str, str]) -> str:
        """Registers a logged model and returns its version; a second call with the same `run_id` and model finds
        the first one's version, and brings its tags up to date.
        """
        self._ensure_model()
        for version in self.client.search_model_versions(f"name = '{self.model_name}'"):
            if version.tags.get(RUN_ID_TAG) == run_id and version.tags.get(MODEL_URI_TAG) == model_uri:
                for key, value in tags.items():
                    if version.tags.get(key) != value:
                        self.tag_version(str(version.version), key, value)
                return str(version.version)
        created = self.client.create_model_version(
            self.model_name,
            source=model_uri,
            run_id=mlflow_run_id,
            tags={**tags, RUN_ID_TAG: run_id, MODEL_URI_TAG: model_uri},
            model_id=model_uri.removeprefix("models:/") if model_uri.startswith("models:/m-") else None,
        )
        return str(created.version)

    def tag_version(self, version: str, key: str, value: str) -> None:
        """Sets a tag of a version."""
        self.client.set_model_version_tag(self.model_name, version, key, value)

    def version_tags(self, version: str) -> dict[str, str]:
        """All tags of a version."""
        return dict(self.client.get_model_version(self.model_name, version).tags)

    def tag_model(self, key: str, value: str) -> None:
        """Sets a tag of the registered model, which is made where it is missing."""
        self._ensure_model()
        self.client.set_registered_model_tag(self.model_name, key, value)

    def delete_model_tag(self, key: str) -> None:
        """Takes a tag of the registered model away; does nothing where there is none."""
        if key in self.model_tags():
            self.client.delete_registered_model_tag(self.model_name, key)

    def model_tags(self) -> dict[str, str]:
        """All tags of the registered model; none where the model does not exist."""
        model = self._find(lambda: self.client.get_registered_model(self.model_name))
        return dict(model.tags) if model else {}

    def download(self, version: str, directory: str) -> str:
        """Copies a version's files below a local directory and returns the path of the model in it."""
        return _download(self.uri(version), directory)

    def load(self, version: str) -> Any:
        """A version as pyfunc model (see `load_model`)."""
        return load_model(self.uri(version))

    def files(self, version: str) -> str:
        """Address of a version's files in the storage; ends with a slash."""
        return self.client.get_model_version_download_uri(self.model_name, version).rstrip("/") + "/"

    def uri(self, version: str) -> str:
        """MLflow's address of a version."""
        return f"models:/{self.model_name}/{version}"

    def log_metrics(self, mlflow_run_id: str, metrics: Mapping[str, float]) -> None:
        """Logs metrics of a run, as of now."""
        if isinstance(self.client, RestClient):
            self.client.log_metrics(mlflow_run_id, metrics)
            return
        for name, value in metrics.items():
            self.client.log_metric(mlflow_run_id, name, value)

    def log_report(
        self, tag: tuple[str, str], run_name: str, tags: Mapping[str, str], metrics: Mapping[str, float], at: int
    ) -> None:
        """Logs metrics of one moment (milliseconds since 1970) to the run of the experiment that has `tag`; makes it."""
        experiment, client, all_tags, step = self.experiment_id(), self.client, {tag[0]: tag[1], **tags}, at // 1000
        if isinstance(client, RestClient):
            run = client.find_run(experiment, *tag) or client.create_run(experiment, run_name, all_tags)
            client.log_metrics(run, metrics, at, step)
            return
        from mlflow.entities import Metric

        found = client.search_runs([experiment], f"tags.`{tag[0]}` = '{tag[1]}'", max_results=1)
        target = found[0] if found else client.create_run(experiment, tags=all_tags, run_name=run_name)
        client.log_batch(target.info.run_id, metrics=[Metric(name, value, at, step) for name, value in metrics.items()])

    def tag_run(self, mlflow_run_id: str, key: str, value: str) -> None:
        """Sets a tag of a run."""
        self.client.set_tag(mlflow_run_id, key, value)

    def _version_of(self, alias: str) -> str | None:
        version = self._find(lambda: self.client.get_model_version_by_alias(self.model_name, alias))
        return str(version.version) if version else None

    def _ensure_model(self) -> None:
        if self._find(lambda: self.client.get_registered_model(self.model_name)) is None:
            try:
                self.client.create_registered_model(self.model_name)
            except Exception as error:
                if _error_code(error) != "RESOURCE_ALREADY_EXISTS":  # a parallel run was faster
                    raise

    def _find(self, query: Any) -> Any:
        """The query's answer, or None where MLflow says that there is no such model, alias or version."""
        try:
            return query()
        except Exception as error:
            # A missing alias is INVALID_PARAMETER_VALUE in MLflow's SQL store, and a missing model is not.
            missing_alias = _error_code(error) == "INVALID_PARAMETER_VALUE" and "alias" in str(error).lower()
            if _error_code(error) == "RESOURCE_DOES_NOT_EXIST" or missing_alias:
                return None
            raise


def load_model(uri: str) -> Any:
    """A model at any MLflow address or in a local folder, with the interface of `mlflow.pyfunc.PyFuncModel`."""
    if os.path.exists(os.path.join(uri, "MLmodel")):
        return open_model(uri)
    folder = tempfile.mkdtemp(prefix="model-")
    try:
        model = open_model(_download(uri, folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(model, shutil.rmtree, folder, ignore_errors=True)
    return model


def _download(uri: str, directory: str) -> str:
    """Copies the files at an MLflow address below a directory and returns the folder of the model."""
    client = rest_client()
    if client is not None:
        try:
            return client.download_artifacts(uri, directory)
        except LeftToMlflow:
            log.debug("left-to-mlflow", uri=uri)
    _quieten_mlflow()
    from mlflow.artifacts import download_artifacts

    return download_artifacts(artifact_uri=uri, dst_path=directory)


def _error_code(error: Exception) -> str | None:
    """MLflow's name of a failure; None where the exception is neither MLflow's nor a RegistryError."""
    return getattr(error, "error_code", None)


def _quieten_mlflow() -> None:
    """Pipelines are not the place for progress bars, usage statistics and git warnings; set before mlflow loads."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
