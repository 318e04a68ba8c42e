"""users: makes MLflow users through the server's interface for administrators. Repeating it changes nothing."""

import os
from pathlib import Path
from typing import Any

from msgspec import Struct

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger, hide
from cyclops_runtime.platform.configuration import read_configuration
from cyclops_runtime.platform.waiting import wait_for

log = get_logger(__name__)


class User(Struct, frozen=True, kw_only=True, rename="camel"):
    """A user: a directory with the files `username` and `password`, and whether it is an administrator."""

    directory: str
    admin: bool = False


class UsersFile(Struct, frozen=True, kw_only=True, rename="camel"):
    """The configuration of this command."""

    users: list[User]


class _NotYet(Exception):
    """The server does not answer yet."""


def run(config: str) -> dict[str, Any]:
    """Makes the listed users, brings password and role of existing ones up to date. Waits two minutes for the server."""
    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    if not uri.startswith(("http://", "https://")):
        raise InputError("MLFLOW_TRACKING_URI must be the http address of an MLflow server with basic-auth")
    file = read_configuration(config, UsersFile)
    return make_users([(*_read_login(user), user.admin) for user in file.users], uri.rstrip("/"))


def _read_login(user: User) -> tuple[str, str]:
    try:
        folder = Path(user.directory)
        username, password = ((folder / key).read_text(encoding="utf-8").strip() for key in ("username", "password"))
    except OSError as error:
        raise InputError(f"{user.directory}: needs the files username and password: {error.strerror}: {error.filename}") from None
    if not username or not password:
        raise InputError(f"{user.directory}: username and password must not be empty")
    hide(password)
    return username, password


def make_users(logins: list[tuple[str, str, bool]], uri: str) -> dict[str, Any]:
    """Does the work of `run` for (username, password, is administrator) at a server's address."""
    made, changed = [], []
    for username, password, is_admin in logins:
        present = wait_for(f"MLflow at {uri}", lambda name=username: _find(uri, name), (_NotYet,))
        if present is None:
            _post(uri, "users/create", {"username": username, "password": password})
            made.append(username)
            is_present_admin = False
        else:
            is_present_admin = present["is_admin"]
            if not _may_log_in(uri, username, password):
                _patch(uri, "users/update-password", {"username": username, "password": password})
                changed.append(username)
        if is_present_admin != is_admin:
            _patch(uri, "users/update-admin", {"username": username, "is_admin": is_admin})
            if username not in made + changed:
                changed.append(username)
        log.info("user-ready", username=username, admin=is_admin, new=username in made)
    return {"made": made, "changed": changed, "users": [username for username, _, _ in logins]}


def _administrator() -> tuple[str, str]:
    name, password = os.environ.get("MLFLOW_TRACKING_USERNAME"), os.environ.get("MLFLOW_TRACKING_PASSWORD")
    if not name or not password:
        raise InputError("set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD to the administrator's")
    return name, password


def _request(method: str, uri: str, path: str, login: tuple[str, str], **arguments: Any) -> Any:
    """An answer of the server. MLflow's own client would take a quarter of a minute to import for four requests."""
    import httpx

    try:
        answer = httpx.request(method, f"{uri}/api/2.0/mlflow/{path}", auth=login, timeout=30, **arguments)
    except httpx.TransportError as error:
        raise _NotYet(str(error) or type(error).__name__) from error
    if answer.status_code >= 500:
        raise _NotYet(f"answered {answer.status_code}")
    return answer


def _find(uri: str, username: str) -> dict[str, Any] | None:
    answer = _request("GET", uri, "users/get", _administrator(), params={"username": username})
    if answer.status_code == 404:
        if "RESOURCE_DOES_NOT_EXIST" not in answer.text:
            raise RuntimeFailure(f"MLflow at {uri} has no users: start it with --app-name basic-auth")
        return None
    return _checked(answer, f"read user {username}")["user"]


def _may_log_in(uri: str, username: str, password: str) -> bool:
    return _request("GET", uri, "users/get", (username, password), params={"username": username}).status_code != 401


def _post(uri: str, path: str, body: dict[str, Any]) -> None:
    answer = _request("POST", uri, path, _administrator(), json=body)
    if answer.status_code == 400 and "RESOURCE_ALREADY_EXISTS" in answer.text:  # another instance was faster
        return
    _checked(answer, path)


def _patch(uri: str, path: str, body: dict[str, Any]) -> None:
    _checked(_request("PATCH", uri, path, _administrator(), json=body), path)


def _checked(answer: Any, action: str) -> Any:
    if answer.status_code == 401:
        raise RuntimeFailure("MLflow refuses the administrator's login: check MLFLOW_TRACKING_USERNAME and _PASSWORD")
    if answer.status_code == 403:
        raise RuntimeFailure(f"may not {action}: the login in MLFLOW_TRACKING_USERNAME is no administrator's")
    if answer.status_code >= 400:
        # Nothing of the answer is shown: some servers repeat the request, and this one held a password.
        raise RuntimeFailure(f"cannot {action}: MLflow answered {answer.status_code}")
    return answer.json() if answer.content else None
