"""New raw files: real files in local zones and sources, and a web server of this machine."""

import hashlib
import os
from datetime import timedelta

import pytest

from cyclops_runtime.errors import InputError
from cyclops_runtime.retraining.new_data import look
from cyclops_runtime.steps import ingest
from cyclops_runtime.storage import ZoneStore

# Long enough for the margin between clocks.
HOUR = 3600


def write(folder, name, text, age=0.0):
    """A file that was changed `age` seconds before now."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    moment = file.stat().st_mtime - age
    os.utime(file, (moment, moment))


@pytest.fixture
def document(tmp_path, make_document):
    """One raw file, a day old, that run `first` has ingested an hour ago."""
    write(tmp_path, "raw/telco/a.csv", "1,2", 24 * HOUR)
    made = make_document()
    ingest.run(made, "first")
    ingested = tmp_path / "curated/churn/runs/first/ingest.json"
    moment = ingested.stat().st_mtime - HOUR
    os.utime(ingested, (moment, moment))
    return made


def files(document, runs=("first",), compared=None):
    return look(document, ZoneStore(document), list(runs), compared).files


def test_the_files_of_the_run_are_known(document):
    found = look(document, ZoneStore(document), ["first"])
    assert (found.files, found.reason) == ((), "all 1 files are known from run first")


def test_a_file_that_came_later_is_new(tmp_path, document):
    write(tmp_path, "raw/telco/b.csv", "3,4")
    found = look(document, ZoneStore(document), ["first"])
    assert found.files == ("raw/telco/b.csv",)
    assert found.reason == "1 of 2 files are new against run first: raw/telco/b.csv"


def test_a_file_of_another_size_is_new_whatever_its_time(tmp_path, document):
    write(tmp_path, "raw/telco/a.csv", "1,2,3", 48 * HOUR)
    assert files(document) == ("raw/telco/a.csv",)


def test_other_content_of_the_same_size_is_new(tmp_path, document):
    write(tmp_path, "raw/telco/a.csv", "9,9")
    assert files(document) == ("raw/telco/a.csv",)


def test_the_same_content_written_again_is_not_new(tmp_path, document):
    write(tmp_path, "raw/telco/a.csv", "1,2")
    assert files(document) == ()


def test_files_are_read_only_where_they_changed_since_the_last_comparison(tmp_path, document, monkeypatch):
    read = []
    checksum = ZoneStore.checksum
    monkeypatch.setattr(ZoneStore, "checksum", lambda store, path: read.append(path) or checksum(store, path))
    assert files(document) == ()
    assert read == []
    write(tmp_path, "raw/telco/a.csv", "1,2", HOUR / 4)
    assert files(document) == ()
    assert read == ["raw/telco/a.csv"]
    (file,) = ZoneStore(document).list_files("raw/telco/")
    assert files(document, compared=file.modified + timedelta(minutes=10)) == ()
    assert len(read) == 1


def test_a_file_that_is_gone_is_no_new_data(tmp_path, document):
    (tmp_path / "raw/telco/a.csv").unlink()
    assert files(document) == ()


def test_what_any_of_the_runs_has_read_is_known(tmp_path, document):
    write(tmp_path, "raw/telco/b.csv", "3,4")
    ingest.run(document, "second")
    assert files(document, ("first", "second")) == ()
    assert files(document) == ("raw/telco/b.csv",)


def test_without_a_run_all_files_are_new(document):
    found = look(document, ZoneStore(document), [])
    assert (found.files, "no earlier run" in found.reason) == (("raw/telco/a.csv",), True)


def test_a_run_without_a_list_cannot_be_compared_with(document):
    with pytest.raises(InputError, match=r"run gone has left no ingest.json"):
        files(document, ("gone",))


def test_an_object_source_is_looked_at_itself(tmp_path, make_document):
    source = tmp_path / "exports"
    write(source, "2026/a.csv", "1,2", 24 * HOUR)
    made = make_document(spec__data__source={"kind": "object", "uri": f"file://{source}"})
    ingest.run(made, "first")
    assert files(made) == ()
    write(source, "2026/b.csv", "3,4")
    assert files(made) == ("raw/telco/2026/b.csv",)
    assert not (tmp_path / "raw/telco/2026/b.csv").exists()  # looking copies nothing


def test_a_web_source_is_asked_for_size_and_time(tmp_path, make_document):
    import threading
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    asked = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.command)

    write(tmp_path, "site/telco.csv", "1,2", 24 * HOUR)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        source = {"kind": "http", "url": f"http://127.0.0.1:{server.server_port}/telco.csv"}
        made = make_document(spec__data__source=source)
        ingest.run(made, "first")
        asked.clear()
        assert files(made) == ()
        assert asked == ["HEAD"]
        write(tmp_path, "site/telco.csv", "1,2", -HOUR)  # again, with the same content
        assert files(made) == ()
        assert asked == ["HEAD", "HEAD", "GET"]
        write(tmp_path, "site/telco.csv", "1,2\n3,4")
        assert files(made) == ("raw/telco/telco.csv",)
    finally:
        server.shutdown()
        server.server_close()


def test_a_database_is_not_asked(make_document):
    made = make_document(spec__data__source={"kind": "sql", "query": "SELECT 1", "secret": "db"})
    with pytest.raises(InputError, match="a database does not tell whether the rows of a query are new"):
        files(made, ())


def test_the_listed_checksum_is_that_of_the_content(document):
    (listed,) = ZoneStore(document).read_json("curated/churn/runs/first/ingest.json")["files"]
    assert listed["sha256"] == hashlib.sha256(b"1,2").hexdigest()
