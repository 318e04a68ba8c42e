"""Which failures pass: judged on what libraries raise when a server refuses, resets, stays silent, is overloaded or breaks."""

import asyncio
import json
import sqlite3
import urllib.request
from pathlib import Path

import aiohttp
import boto3
import httpx
import pytest
import requests
import sqlalchemy
from botocore.config import Config
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker
from failure_support import answering, failing_database, listening, refused, refusing_database, reset, self_signed, silent
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from cyclops_runtime import last_words, mlflow_rest
from cyclops_runtime.errors import GateRefused, InputError, RolledBack
from cyclops_runtime.failures import AWS_CODES, FINAL, MAY_PASS, exit_code_of, may_pass
from cyclops_runtime.mlflow_rest import RestClient
from cyclops_runtime.sources import fetch
from cyclops_runtime.storage import ZoneStore

FACTS = json.loads((Path(__file__).parent / "exit_codes.json").read_text())


def test_the_codes_are_those_of_core():
    assert FACTS["codes"]["mayPass"] == MAY_PASS
    assert tuple(FACTS["final"]) == FINAL
    classes = {"wrongInput": InputError, "gateRefused": GateRefused, "rolledBack": RolledBack}
    assert {name: kind.exit_code for name, kind in classes.items()} == {name: FACTS["codes"][name] for name in classes}
    assert FACTS["lastWords"] == {"final": last_words.FINAL_MARK, "mayPass": last_words.PASSING_MARK}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """One attempt of every library, and keys for those that want some."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    # Sessions are kept, with the patience that they were made with.
    mlflow_rest._session.cache_clear()
    yield
    mlflow_rest._session.cache_clear()


def by_httpx(url):
    httpx.get(url, timeout=1).raise_for_status()


def by_requests(url):
    requests.get(url, timeout=1).raise_for_status()


def by_urllib(url):
    urllib.request.urlopen(url, timeout=1).read()


def by_aiohttp(url):
    async def ask():
        timeout = aiohttp.ClientTimeout(total=1)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url, raise_for_status=True) as answer:
            await answer.read()

    asyncio.run(ask())


def by_boto3(url):
    config = Config(read_timeout=1, connect_timeout=1, s3={"addressing_style": "path"})
    boto3.client("s3", endpoint_url=url, config=config).get_object(Bucket="b", Key="k")


def by_mlflow(url):
    # The registry, too: a test before may have named another one for the process.
    MlflowClient(url, url).get_registered_model("m")


def by_rest(url):
    RestClient(url).get_registered_model("m")


CLIENTS = [by_httpx, by_requests, by_urllib, by_aiohttp, by_boto3, by_mlflow, by_rest]
each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)


def failure_of(action, *arguments):
    with pytest.raises(Exception) as caught:  # noqa: PT011 (what is raised is the question)
        action(*arguments)
    return caught.value


@each_client
def test_a_connection_that_is_refused_passes(client):
    with refused() as place:
        assert may_pass(failure_of(client, f"http://{place}"))


@each_client
def test_a_connection_that_breaks_off_passes(client):
    with listening(reset) as place:
        assert may_pass(failure_of(client, f"http://{place}"))


@each_client
def test_an_answer_that_does_not_come_passes(client):
    with listening(silent) as place:
        assert may_pass(failure_of(client, f"http://{place}"))


@each_client
def test_a_name_that_does_not_resolve_passes(client):
    assert may_pass(failure_of(client, "http://nobody.invalid"))


@each_client
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_overload_and_faults_of_a_server_pass(client, status):
    with answering(status, b"<html>come back later</html>", "text/html") as place:
        assert may_pass(failure_of(client, f"http://{place}"))


@each_client
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
def test_what_a_server_refuses_stays_refused(client, status):
    with answering(status, b"<html>no</html>", "text/html") as place:
        assert not may_pass(failure_of(client, f"http://{place}"))


@pytest.mark.parametrize("client", [by_httpx, by_requests, by_urllib, by_aiohttp, by_boto3], ids=lambda client: client.__name__)
def test_a_wrong_certificate_stays_wrong(client, tmp_path):
    with answering(200, context=self_signed(tmp_path)) as place:
        failure = failure_of(client, f"https://{place}")
    assert "certificate" in str(failure).lower()
    assert not may_pass(failure)


# AWS -------------------------------------------------------------------------------------------------------------------------


def test_what_botocore_repeats_passes():
    assert {*ThrottledRetryableChecker._THROTTLED_ERROR_CODES, *TransientRetryableChecker._TRANSIENT_ERROR_CODES} <= AWS_CODES


@pytest.mark.parametrize(
    ("code", "status", "passes"), [("SlowDown", 503, True), ("InternalError", 500, True), ("NoSuchKey", 404, False)]
)
def test_answers_of_an_object_store(code, status, passes, make_document, monkeypatch):
    body = f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode()
    with answering(status, body, "application/xml") as place:
        assert may_pass(failure_of(by_boto3, f"http://{place}")) is passes
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{place}")
        store = ZoneStore(make_document(zones=buckets()))
        monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
        for action in (store.read_bytes, lambda path: store.write_bytes(path, b"x")):
            failure = failure_of(action, "raw/x")
            assert may_pass(failure) is passes, repr(failure)


def buckets():
    return {zone: f"s3://bucket-{zone}" for zone in ("raw", "curated", "features", "models", "predictions")}


@pytest.mark.parametrize("action", ["exists", "list_files", "read_bytes", "checksum"])
def test_an_object_store_that_is_away(action, make_document, monkeypatch):
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    with refused() as place:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{place}")
        assert exit_code_of(failure_of(getattr(ZoneStore(make_document(zones=buckets())), action), "raw/x")) == MAY_PASS


@pytest.mark.parametrize(("code", "passes"), [("ThrottlingException", True), ("AccessDeniedException", False)])
def test_throttling_has_a_code_and_no_status_of_its_own(code, passes):
    with answering(400, json.dumps({"__type": code, "message": "m"}).encode(), "application/x-amz-json-1.1") as place:
        client = boto3.client("secretsmanager", endpoint_url=f"http://{place}")
        assert may_pass(failure_of(lambda: client.get_secret_value(SecretId="s"))) is passes


# MLflow ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", [by_mlflow, by_rest], ids=lambda client: client.__name__)
@pytest.mark.parametrize(
    ("code", "status", "passes"),
    [
        # What MLflow's server makes of a database that is away, or that has found a deadlock.
        ("TEMPORARILY_UNAVAILABLE", 503, True),
        ("INTERNAL_ERROR", 500, True),
        ("REQUEST_LIMIT_EXCEEDED", 429, True),
        ("RESOURCE_DOES_NOT_EXIST", 404, False),
        ("INVALID_PARAMETER_VALUE", 400, False),
        ("PERMISSION_DENIED", 403, False),
    ],
)
def test_answers_of_mlflow(client, code, status, passes):
    with answering(status, json.dumps({"error_code": code, "message": "m"}).encode(), "application/json") as place:
        assert may_pass(failure_of(client, f"http://{place}")) is passes


def test_mlflows_own_faults_do_not_pass():
    assert not may_pass(MlflowException("an argument is wrong"))
    assert not may_pass(failure_of(lambda: MlflowClient().get_run("nobody")))


# Databases -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "text", "passes"),
    [
        ("53300", "sorry, too many clients already", True),
        ("57P03", "the database system is starting up", True),
        ("28P01", 'password authentication failed for user "mlflow"', False),
        ("3D000", 'database "none" does not exist', False),
    ],
)
def test_a_database_that_refuses(state, text, passes):
    with listening(refusing_database(state, text)) as place:
        failure = failure_of(sqlalchemy.create_engine(f"postgresql://user:word@{place}/none").connect)
    assert text in str(failure)
    assert may_pass(failure) is passes


@pytest.mark.parametrize(
    ("state", "passes"), [("40P01", True), ("40001", True), ("57P01", True), ("08006", True), ("42P01", False), ("42501", False)]
)
def test_a_query_that_fails(state, passes):
    with listening(failing_database(state, "so it is")) as place:
        failure = failure_of(sqlalchemy.create_engine(f"postgresql://user:word@{place}/any").connect)
    assert failure.orig.pgcode == state
    assert may_pass(failure) is passes


def test_a_database_that_is_away():
    with refused() as place:
        assert may_pass(failure_of(sqlalchemy.create_engine(f"postgresql://user:word@{place}/any").connect))


def test_a_file_that_is_locked(tmp_path):
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path}/x.db", connect_args={"timeout": 0})

    def run(statement):
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text(statement))

    run("CREATE TABLE x (a INT)")
    with sqlite3.connect(tmp_path / "x.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        assert may_pass(failure_of(run, "INSERT INTO x VALUES (1)"))
    assert not may_pass(failure_of(run, "INSERT INTO nowhere VALUES (1)"))


# Other clouds ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "passes"), [(503, True), (429, True), (404, False)])
def test_answers_of_google(status, passes):
    exceptions = pytest.importorskip("google.api_core.exceptions")
    assert may_pass(exceptions.from_http_status(status, "so it is")) is passes


def test_answers_of_azure():
    core, rest = pytest.importorskip("azure.core"), pytest.importorskip("azure.core.rest")

    def ask(place):
        client = core.PipelineClient(f"http://{place}", retry_total=0)
        client.send_request(rest.HttpRequest("GET", f"http://{place}/x")).raise_for_status()

    with refused() as place:
        assert may_pass(failure_of(ask, place))
    for status, passes in ((503, True), (404, False)):
        with answering(status) as place:
            assert may_pass(failure_of(ask, place)) is passes


# What it came from -----------------------------------------------------------------------------------------------------------


def raised(outer, inner, hidden=False):
    """The outer failure, raised while the inner one was handled."""
    try:
        try:
            raise inner
        except Exception:
            if hidden:
                raise outer from None
            raise outer  # noqa: B904 (the context is what is tested)
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (InputError("a column is missing"), 1),
        (ValueError("a fault of ours"), 1),
        (MemoryError(), 1),
        (FileNotFoundError(2, "no such file"), 1),
        (PermissionError(13, "not yours"), 1),
        (OSError(28, "no space left on device"), 1),
        (ConnectionResetError(), MAY_PASS),
        (raised(InputError("the source cannot be read"), httpx.ConnectError("refused")), MAY_PASS),
        (raised(InputError("no such file"), ConnectionResetError(), hidden=True), 1),
        (raised(GateRefused("not good enough"), ConnectionResetError()), 3),
        (raised(RolledBack("taken back"), ConnectionResetError()), 4),
    ],
    ids=repr,
)
def test_exit_codes(failure, code):
    assert exit_code_of(failure) == code


@pytest.mark.parametrize(("status", "code"), [(503, MAY_PASS), (403, 1)])
def test_a_source_on_the_web(status, code, make_document):
    with answering(status) as place:
        source = {"kind": "http", "url": f"http://{place}/rows.csv"}
        document = make_document(spec__data={"path": "raw/t/", "target": "y", "positive": "1", "source": source})
        failure = failure_of(fetch, document.spec.data.source, document.spec.data, ZoneStore(document))
    assert str(failure).endswith(f"answered {status}")
    assert exit_code_of(failure) == code


@pytest.mark.parametrize(
    ("query", "place", "code"), [("SELECT 1 AS a", "refused", MAY_PASS), ("SELECT * FROM nowhere", "file", 1)]
)
def test_a_source_in_a_database(query, place, code, make_document, tmp_path, monkeypatch):
    with refused() as away:
        secret = tmp_path / "secrets/db/url"
        secret.parent.mkdir(parents=True)
        secret.write_text(f"postgresql://u:w@{away}/x" if place == "refused" else f"sqlite:///{tmp_path}/x.db")
        monkeypatch.setenv("CYCLOPS_SECRETS_DIR", str(tmp_path / "secrets"))
        source = {"kind": "sql", "secret": "db", "query": query}
        document = make_document(spec__data={"path": "raw/t/", "target": "y", "positive": "1", "source": source})
        failure = failure_of(fetch, document.spec.data.source, document.spec.data, ZoneStore(document))
    assert exit_code_of(failure) == code
