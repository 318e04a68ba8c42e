"""users against a stand-in of MLflow's interface for administrators, with its paths, codes and error names."""

import base64
import http.server
import json
import logging
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.platform.users import run

ADMIN = ("root", "root-password")


@pytest.fixture
def mlflow_server(monkeypatch):
    """Users by name as [password, is administrator]; the environment points at the server."""
    users = {ADMIN[0]: [ADMIN[1], True]}

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            url, body = urlsplit(self.path), self.rfile.read(int(self.headers.get("Content-Length") or 0))
            login = base64.b64decode((self.headers["Authorization"] or "Basic Og==").split()[1]).decode().split(":")
            if users.get(login[0], [None])[0] != login[1]:
                return 401, {}
            fields = json.loads(body) if body else {name: values[0] for name, values in parse_qs(url.query).items()}
            name, action = fields["username"], url.path.removeprefix("/api/2.0/mlflow/users/")
            if not users[login[0]][1] and not (action == "get" and name == login[0]):
                return 403, {}
            if action == "create":
                users[name] = [fields["password"], False]
            elif name not in users:
                return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}
            elif action == "update-password":
                users[name][0] = fields["password"]
            elif action == "update-admin":
                users[name][1] = fields["is_admin"]
            return 200, {"user": {"username": name, "is_admin": users[name][1]}}

        def do_GET(self):
            code, value = self.answer()
            self.send_response(code)
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        do_POST = do_PATCH = do_GET

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", ADMIN[0])
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", ADMIN[1])
    yield users
    server.shutdown()


def configuration(folder, name, password, admin=False):
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "username").write_text(name)
    (folder / name / "password").write_text(password + "\n")
    path = folder / "users.json"
    path.write_text(json.dumps({"users": [{"directory": str(folder / name), "admin": admin}]}))
    return str(path)


def test_users_are_made_once_and_follow_their_files(mlflow_server, tmp_path, caplog):
    with caplog.at_level(logging.DEBUG, logger="cyclops_runtime"):
        assert run(configuration(tmp_path, "writer", "first-password"))["made"] == ["writer"]
        again = run(configuration(tmp_path, "writer", "first-password"))
        assert (again["made"], again["changed"]) == ([], [])
        assert run(configuration(tmp_path, "writer", "second-password", admin=True))["changed"] == ["writer"]
    assert mlflow_server["writer"] == ["second-password", True]
    assert "first-password" not in caplog.text
    assert "second-password" not in caplog.text


def test_a_refused_login_says_which(mlflow_server, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "wrong")
    with pytest.raises(RuntimeFailure, match="refuses the administrator's login"):
        run(configuration(tmp_path, "writer", "password"))


def test_a_directory_without_files(mlflow_server, tmp_path):
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"users": [{"directory": str(tmp_path)}]}))
    with pytest.raises(InputError, match="needs the files username and password"):
        run(str(path))
