"""Fetching raw files: the three kinds of source, and secrets that stay out of logs."""

import http.server
import os
import sqlite3
import threading

import pandas
import pytest

from cyclops_runtime.errors import InputError
from cyclops_runtime.sources import check_select
from cyclops_runtime.steps import ingest
from cyclops_runtime.storage import ZoneStore

TOKEN = "token-that-nobody-may-see"


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """Makes a named secret from keys and values."""
    monkeypatch.setenv("CYCLOPS_SECRETS_DIR", str(tmp_path / "secrets"))

    def make(name, **values):
        folder = tmp_path / "secrets" / name
        folder.mkdir(parents=True)
        for key, value in values.items():
            (folder / key).write_text(value + "\n")

    return make


@pytest.fixture
def document(make_document):
    def make(source, file_format="csv"):
        return make_document(
            spec__data={"path": "raw/t/", "target": "y", "positive": "1", "format": file_format, "source": source}
        )

    return make


def test_object_sources_are_mirrored_once(document, tmp_path):
    (tmp_path / "drop/deep").mkdir(parents=True)
    (tmp_path / "drop/a.csv").write_text("x,y\n1,1\n")
    (tmp_path / "drop/deep/b.csv").write_text("x,y\n2,0\n")
    source = document({"kind": "object", "uri": (tmp_path / "drop").as_uri()})
    first = ingest.run(source, "one")
    assert [file["path"] for file in first["files"]] == ["raw/t/a.csv", "raw/t/deep/b.csv"]
    assert ingest.run(source, "two") == first


def age_of_raw_files(folder):
    """Makes all raw files old, and answers a function that names those that were written since."""
    files = [file for file in (folder / "raw/t").rglob("*") if file.is_file()]
    for file in files:
        os.utime(file, (1e9, 1e9))
    return lambda: sorted(file.name for file in (folder / "raw/t").rglob("*") if file.is_file() and file.stat().st_mtime != 1e9)


def test_object_sources_leave_unchanged_files_alone(document, tmp_path):
    (tmp_path / "drop").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / f"drop/{name}.csv").write_text("x,y\n1,1\n")
    source = document({"kind": "object", "uri": (tmp_path / "drop").as_uri()})
    ingest.run(source, "one")
    written = age_of_raw_files(tmp_path)
    (tmp_path / "drop/b.csv").write_text("x,y\n2,0\n")  # as many bytes as before
    (tmp_path / "drop/c.csv").write_text("x,y\n1,1\n2,0\n")
    (tmp_path / "drop/d.csv").write_text("x,y\n3,1\n")
    second = ingest.run(source, "two")
    assert written() == ["b.csv", "c.csv", "d.csv"]
    assert [file["size"] for file in second["files"]] == [8, 8, 12, 8]
    assert (tmp_path / "raw/t/b.csv").read_text() == "x,y\n2,0\n"


def test_other_sources_leave_unchanged_files_alone(document, server, secrets, tmp_path):
    secrets("web", token=TOKEN)
    web = document({"kind": "http", "url": f"{server}/rows.csv", "secret": "web"})
    database = tmp_path / "source.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE rows (x INT, y INT)")
        connection.execute("INSERT INTO rows VALUES (1, 1)")
    secrets("db", url=f"sqlite:///{database}")
    formats = ("csv", "jsonl", "parquet")
    sources = [web, *(document({"kind": "sql", "secret": "db", "query": "SELECT * FROM rows ORDER BY x"}, f) for f in formats)]
    for source in sources:
        ingest.run(source, "one")
    written = age_of_raw_files(tmp_path)
    for source in sources:
        ingest.run(source, "two")
    assert written() == []
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO rows VALUES (2, 0)")
    for source in sources:
        ingest.run(source, "three")
    assert written() == [f"query.{f}" for f in formats]


def test_an_object_source_without_files(document, tmp_path):
    with pytest.raises(InputError, match="there are no files"):
        ingest.run(document({"kind": "object", "uri": f"{tmp_path}/nothing/"}), "r")


@pytest.fixture
def server():
    """An HTTP server that wants a bearer token."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
            self.send_response(200 if allowed else 403)
            self.end_headers()
            self.wfile.write(b"x,y\n1,1\n" if allowed else f"not with {self.headers['Authorization']}".encode())

        def log_message(self, *arguments):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def test_http_sources_send_the_token_and_hide_it(document, server, secrets, caplog):
    secrets("web", token=TOKEN)
    source = document({"kind": "http", "url": f"{server}/exports/rows.csv?sig=abc", "secret": "web"})
    with caplog.at_level("DEBUG", logger="cyclops_runtime"):
        assert [file["path"] for file in ingest.run(source, "r")["files"]] == ["raw/t/rows.csv"]
    assert "source-read" in caplog.text
    assert TOKEN not in caplog.text


def test_http_failures_show_status_and_place_alone(document, server, secrets):
    secrets("web", token="wrong-token-1234")
    with pytest.raises(InputError, match=r"/rows.csv: answered 403$") as failure:
        ingest.run(document({"kind": "http", "url": f"{server}/rows.csv?sig=abc", "secret": "web"}), "r")
    assert "sig=abc" not in str(failure.value)
    assert "wrong-token" not in str(failure.value)


def test_plain_http_to_other_machines_is_refused(document):
    with pytest.raises(InputError, match="use https"):
        ingest.run(document({"kind": "http", "url": "http://example.com/x.csv"}), "r")


def test_a_missing_secret_names_its_place(document, secrets):
    with pytest.raises(InputError, match=r"secret 'db' has no key 'url': .*/secrets/db/url"):
        ingest.run(document({"kind": "sql", "query": "SELECT 1", "secret": "db"}), "r")


@pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet"])
def test_sql_rows_become_one_file_of_the_format(document, secrets, tmp_path, file_format):
    with sqlite3.connect(tmp_path / "source.db") as database:
        database.execute("CREATE TABLE t (x INTEGER, name TEXT, y TEXT)")
        database.executemany("INSERT INTO t VALUES (?, ?, ?)", [(1, 'a:b, "c"', "1"), (None, None, "0")])
    secrets("db", url=f"sqlite:///{tmp_path}/source.db")
    source = document(
        {
            "kind": "sql",
            "query": "SELECT x, name, y FROM t WHERE name IS NULL OR name LIKE '%:b%' ORDER BY y DESC;",
            "secret": "db",
        },
        file_format,
    )
    assert [file["path"] for file in ingest.run(source, "r")["files"]] == [f"raw/t/query.{file_format}"]
    place = ZoneStore(source).uri(f"raw/t/query.{file_format}")
    readers = {"csv": pandas.read_csv, "parquet": pandas.read_parquet, "jsonl": lambda path: pandas.read_json(path, lines=True)}
    rows = readers[file_format](place)
    assert rows["name"].iloc[0] == 'a:b, "c"'
    assert rows["x"].isna().tolist() == [False, True]


def test_sql_failures_do_not_show_the_address(document, secrets):
    secrets("db", url="postgresql+psycopg2://me:pa55word99@127.0.0.1:1/x")
    with pytest.raises(InputError, match="source database of secret 'db'") as failure:
        ingest.run(document({"kind": "sql", "query": "SELECT 1", "secret": "db"}), "r")
    assert "pa55word99" not in str(failure.value)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1",
        " select a from t; ",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "SELECT replace(a, ';', '') FROM t",
        'SELECT "update" FROM t -- delete',
    ],
)
def test_reads_are_allowed(query):
    assert check_select(query)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM t",
        "SELECT 1; DROP TABLE t",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "",
        "EXPLAIN SELECT 1",
        "/* SELECT */ DROP TABLE t",
    ],
)
def test_anything_else_is_refused(query):
    with pytest.raises(InputError, match=r"spec.data.source.query"):
        check_select(query)
