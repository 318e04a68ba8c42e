"""The few calls of MLflow's REST interface that scorers and most steps need, without importing MLflow, which takes seconds.

Methods have the names, arguments and meaning of `mlflow.MlflowClient`, so that `tracking.Registry` can use either one.
https://mlflow.org/docs/latest/rest-api.html
"""

from __future__ import annotations

import os
import posixpath
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cyclops_runtime.errors import RuntimeFailure

# Other ways to reach a server, which are left to MLflow's own client.
_OTHER_WAYS = (
    "MLFLOW_TRACKING_AUTH",
    "MLFLOW_TRACKING_AWS_SIGV4",
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    "MLFLOW_TRACKING_INSECURE_TLS",
    "MLFLOW_WORKSPACE",
)
# Failures that MLflow's own client repeats, too, with its defaults (mlflow/utils/request_utils.py, environment_variables.py).
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_RETRIES, _TIMEOUT_SECONDS, _BACKOFF_SECONDS, _JITTER_SECONDS = 7, 120.0, 2.0, 1.0
# From this size on MLflow's client has the object store itself send a file, in parts.
_LARGE_BYTES = 500 << 20
_CHUNK_BYTES = 1 << 20


class RegistryError(RuntimeFailure):
    """MLflow has refused a call, or could not be reached.

    `error_code` is MLflow's own, empty where it gave none, and `status_code` that of its answer, None without one.
    """

    def __init__(self, message: str, error_code: str = "", status_code: int | None = None) -> None:
        super().__init__(message)
        self.error_code, self.status_code = error_code, status_code


class LeftToMlflow(Exception):
    """Files at an address that only MLflow's own client can find or should fetch."""


@dataclass(frozen=True)
class Experiment:
    """An experiment."""

    experiment_id: str
    lifecycle_stage: str


@dataclass(frozen=True)
class ModelVersion:
    """A version of a registered model."""

    version: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class RegisteredModel:
    """A registered model."""

    tags: Mapping[str, str]


def rest_client() -> RestClient | None:
    """A client of MLFLOW_TRACKING_URI; None where that is no plain HTTP server, so that MLflow's own client is needed."""
    uri = os.environ.get("MLFLOW_TRACKING_URI") or ""
    if urlsplit(uri).scheme not in ("http", "https") or any(os.environ.get(name) for name in _OTHER_WAYS):
        return None
    if (os.environ.get("MLFLOW_REGISTRY_URI") or uri) != uri:
        return None
    user, password = os.environ.get("MLFLOW_TRACKING_USERNAME"), os.environ.get("MLFLOW_TRACKING_PASSWORD")
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    # Else MLflow looks into ~/.mlflow/credentials.
    if not (user and password) and not token and (Path.home() / ".mlflow" / "credentials").exists():
        return None
    return RestClient(uri, (user, password) if user and password else None, token)


class RestClient:
    """Calls one MLflow server. Every failure is a RegistryError."""

    def __init__(self, uri: str, login: tuple[str, str] | None = None, token: str | None = None) -> None:
        self._uri = uri.rstrip("/")
        self._session = _session(login, token)
        self._timeout = _number("MLFLOW_HTTP_REQUEST_TIMEOUT", _TIMEOUT_SECONDS)

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """The experiment, or None."""
        try:
            found = self._get("experiments/get-by-name", experiment_name=name)["experiment"]
        except RegistryError as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise
        return Experiment(found["experiment_id"], found.get("lifecycle_stage", "active"))

    def create_experiment(self, name: str) -> str:
        """Makes an experiment and returns its id."""
        return self._post("experiments/create", name=name)["experiment_id"]

    def get_registered_model(self, name: str) -> RegisteredModel:
        """A registered model."""
        return RegisteredModel(_tags(self._get("registered-models/get", name=name)["registered_model"]))

    def create_registered_model(self, name: str) -> None:
        """Makes a registered model."""
        self._post("registered-models/create", name=name)

    def set_registered_model_tag(self, name: str, key: str, value: str) -> None:
        """Sets a tag of a registered model."""
        self._post("registered-models/set-tag", name=name, key=key, value=value)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Takes a tag of a registered model away."""
        self._delete("registered-models/delete-tag", name=name, key=key)

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Points an alias at a version."""
        self._post("registered-models/alias", name=name, alias=alias, version=version)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Takes an alias away."""
        self._delete("registered-models/alias", name=name, alias=alias)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias points at."""
        return _version(self._get("registered-models/alias", name=name, alias=alias)["model_version"])

    def get_model_version(self, name: str, version: str) -> ModelVersion:
        """A version."""
        return _version(self._get("model-versions/get", name=name, version=version)["model_version"])

    def search_model_versions(self, filter_string: str) -> list[ModelVersion]:
        """All versions that the filter lets through."""
        pages = self._pages(lambda page: self._get("model-versions/search", filter=filter_string, page_token=page))
        return [_version(found) for page in pages for found in page.get("model_versions", [])]

    def create_model_version(
        self, name: str, source: str, run_id: str | None, tags: Mapping[str, str], model_id: str | None
    ) -> ModelVersion:
        """Makes a version of the model at `source`, and waits until the server says that it is ready."""
        listed = [{"key": key, "value": str(value)} for key, value in tags.items()]
        body = {"name": name, "source": source, "run_id": run_id, "tags": listed, "model_id": model_id}
        created = self._post("model-versions/create", **body)["model_version"]
        deadline = time.monotonic() + 300  # MLflow's own client waits as long
        while created.get("status", "READY") == "PENDING_REGISTRATION" and time.monotonic() < deadline:
            time.sleep(0.2)
            created = self._get("model-versions/get", name=name, version=created["version"])["model_version"]
        if created.get("status", "READY") != "READY":
            raise RegistryError(f"version {created['version']} of model {name!r} is {created.get('status')} in MLflow")
        return _version(created)

    def set_model_version_tag(self, name: str, version: str, key: str, value: str) -> None:
        """Sets a tag of a version."""
        self._post("model-versions/set-tag", name=name, version=version, key=key, value=value)

    def get_model_version_download_uri(self, name: str, version: str) -> str:
        """Address of a version's files."""
        return self._get("model-versions/get-download-uri", name=name, version=version)["artifact_uri"]

    def set_tag(self, run_id: str, key: str, value: str) -> None:
        """Sets a tag of a run."""
        self._post("runs/set-tag", run_id=run_id, key=key, value=value)

    def find_run(self, experiment_id: str, key: str, value: str) -> str | None:
        """Id of the newest run of an experiment that has the tag, or None."""
        query = {"experiment_ids": [experiment_id], "filter": f"tags.`{key}` = '{value}'", "max_results": 1}
        runs = self._post("runs/search", **query).get("runs", [])
        return runs[0]["info"]["run_id"] if runs else None

    def create_run(self, experiment_id: str, run_name: str, tags: Mapping[str, str]) -> str:
        """Starts a run and returns its id."""
        listed = [{"key": key, "value": value} for key, value in tags.items()]
        body = {"experiment_id": experiment_id, "run_name": run_name, "tags": listed, "start_time": _now()}
        return self._post("runs/create", **body)["run"]["info"]["run_id"]

    def log_metrics(self, run_id: str, metrics: Mapping[str, float], timestamp: int | None = None, step: int = 0) -> None:
        """Logs metrics of one moment, in milliseconds since 1970; without it, of now."""
        moment = _now() if timestamp is None else timestamp
        values = [{"key": key, "value": value, "timestamp": moment, "step": step} for key, value in metrics.items()]
        self._post("runs/log-batch", run_id=run_id, metrics=values)

    def download_artifacts(self, uri: str, directory: str) -> str:
        """Copies the files of a model into a directory and returns it. LeftToMlflow for addresses that only MLflow can follow."""
        address = self._locate(uri)
        parts = urlsplit(address)
        if parts.scheme == "mlflow-artifacts" and not parts.netloc:
            self._download_from_server(parts.path.strip("/"), directory)
        elif parts.scheme in ("", "file", "s3", "gs", "abfs", "abfss"):
            from cyclops_runtime.storage import copy_folder

            copy_folder(address, directory)
        else:
            raise LeftToMlflow(address)
        return directory

    def _locate(self, uri: str) -> str:
        """Address of the files of `models:/<name>/<version>` or of a logged model, `models:/m-…`."""
        name, _, version = uri.removeprefix("models:/").partition("/")
        if not uri.startswith("models:/") or "@" in uri or (version and not version.isdigit()):
            raise LeftToMlflow(uri)
        if version:
            found = self.get_model_version_download_uri(name, version)
            return self._locate(found) if found.startswith("models:/m-") else found
        if not name.startswith("m-"):
            raise LeftToMlflow(uri)
        return self._get(f"logged-models/{quote(name)}")["model"]["info"]["artifact_uri"]

    def _download_from_server(self, root: str, directory: str) -> None:
        """Files that the MLflow server itself hands on, below `root`."""
        folders = [""]
        while folders:
            folder = folders.pop()
            listing = self._call("GET", "mlflow-artifacts/artifacts", params={"path": posixpath.join(root, folder)}).json()
            for entry in listing.get("files", []):
                path = posixpath.join(folder, _safe(entry["path"]))
                if entry.get("is_dir"):
                    folders.append(path)
                elif int(entry.get("file_size", 0)) >= _LARGE_BYTES:
                    raise LeftToMlflow(f"{root}/{path}")
                else:
                    self._download_file(posixpath.join(root, path), Path(directory, path))

    def _download_file(self, path: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._call("GET", f"mlflow-artifacts/artifacts/{quote(path)}", stream=True) as response, target.open("wb") as file:
            for chunk in response.iter_content(_CHUNK_BYTES):
                file.write(chunk)

    def _pages(self, ask: Any) -> Iterator[dict[str, Any]]:
        page = ask(None)
        yield page
        while page.get("next_page_token"):
            page = ask(page["next_page_token"])
            yield page

    def _get(self, path: str, **parameters: Any) -> dict[str, Any]:
        return self._call("GET", f"mlflow/{path}", params=parameters).json()

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        given = {name: value for name, value in body.items() if value is not None}
        return self._call("POST", f"mlflow/{path}", json=given).json()

    def _delete(self, path: str, **body: Any) -> None:
        self._call("DELETE", f"mlflow/{path}", json=body)

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        import requests

        try:
            response = self._session.request(method, f"{self._uri}/api/2.0/{path}", timeout=self._timeout, **arguments)
        except requests.RequestException as error:
            raise RegistryError(f"MLflow at {_shown(self._uri)} cannot be reached: {error}") from error
        if response.ok:
            return response
        try:
            told = response.json()
        except ValueError:
            told = {}
        reason = told.get("message") or " ".join(response.text.split())[:300]
        raise RegistryError(
            f"MLflow at {_shown(self._uri)} answered {response.status_code} to {path}: {reason}",
            told.get("error_code", ""),
            response.status_code,
        )


@lru_cache(maxsize=4)
def _session(login: tuple[str, str] | None, token: str | None) -> Any:
    """A session that repeats what passes, as MLflow's own client does; proxies and authorities come from the environment."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    session = requests.Session()
    if login is not None:
        session.auth = login
    elif token is not None:
        session.headers["Authorization"] = f"Bearer {token}"
    if os.environ.get("MLFLOW_TRACKING_SERVER_CERT_PATH"):
        session.verify = os.environ["MLFLOW_TRACKING_SERVER_CERT_PATH"]
    retry = Retry(
        total=int(_number("MLFLOW_HTTP_REQUEST_MAX_RETRIES", _RETRIES)),
        backoff_factor=_number("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", _BACKOFF_SECONDS),
        backoff_jitter=_number("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", _JITTER_SECONDS),
        status_forcelist=_PASSING,
        allowed_methods=None,  # all: MLflow's calls may be repeated
        raise_on_status=False,
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _number(name: str, default: float) -> float:
    return float(os.environ.get(name) or default)


def _shown(uri: str) -> str:
    """An address without the login that may be in it."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _safe(path: str) -> str:
    """A listed path, which must stay below the folder that was listed."""
    if path.startswith("/") or ".." in path.split("/"):
        raise RegistryError(f"MLflow lists a file outside its folder: {path!r}")
    return path


def _now() -> int:
    return int(time.time() * 1000)


def _tags(entity: Mapping[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag.get("value", "") for tag in entity.get("tags", [])}


def _version(entity: Mapping[str, Any]) -> ModelVersion:
    return ModelVersion(str(entity["version"]), _tags(entity))
