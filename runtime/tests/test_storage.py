import pytest

from cyclops_runtime.errors import InputError
from cyclops_runtime.storage import ZoneStore, storage_options


def test_zone_paths_become_addresses(make_document, tmp_path):
    zones = {zone: f"s3://bucket-{zone}" for zone in ("raw", "curated", "features", "models")} | {"predictions": str(tmp_path)}
    store = ZoneStore(make_document(zones=zones))
    assert store.uri("raw/telco/") == "s3://bucket-raw/telco/"
    assert store.uri("predictions/x.json") == f"{tmp_path}/x.json"
    assert store.uri("s3://elsewhere/x") == "s3://elsewhere/x"


@pytest.mark.parametrize("path", ["cooked/x", "x.json", "raw/../../etc/passwd"])
def test_paths_outside_of_the_zones_are_refused(make_document, path):
    with pytest.raises(InputError):
        ZoneStore(make_document()).uri(path)


def test_files_are_listed_sorted_without_hidden_ones(make_document):
    store = ZoneStore(make_document())
    for name in ("b/2.csv", "a.csv", "_SUCCESS", ".hidden", "_tmp/x.csv"):
        store.write_bytes(f"raw/t/{name}", b"12345")
    assert [(file.path, file.name, file.size) for file in store.list_files("raw/t/")] == [
        ("raw/t/a.csv", "a.csv", 5),
        ("raw/t/b/2.csv", "b/2.csv", 5),
    ]
    assert [file.path for file in store.list_files("raw/t")] == ["raw/t/a.csv", "raw/t/b/2.csv"]
    assert store.list_files("raw/nothing/") == []


def test_a_failed_write_leaves_the_old_file(make_document):
    write_half(ZoneStore(make_document()))


def test_a_failed_write_to_an_object_store_leaves_the_old_object(make_document, tmp_path):
    zones = {zone: f"memory://{tmp_path.name}-{zone}" for zone in ("raw", "curated", "features", "models", "predictions")}
    write_half(ZoneStore(make_document(zones=zones)))


def write_half(store):
    store.write_json("models/x.json", {"a": 1})

    def fail():
        with store.open("models/x.json", "wb") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.read_json("models/x.json") == {"a": 1}
    assert [file.name for file in store.list_files("models/")] == ["x.json"]


def test_missing_and_damaged_files_are_input_errors(make_document):
    store = ZoneStore(make_document())
    store.write_bytes("models/x.parquet", b"no parquet")
    with pytest.raises(InputError, match="no such file"):
        store.read_json("models/none.json")
    with pytest.raises(InputError, match="cannot be read as parquet"):
        store.read_parquet("models/x.parquet")


def test_a_store_that_has_just_started_is_asked_again(make_document, monkeypatch):
    import fsspec
    from fsspec.implementations.memory import MemoryFileSystem

    from cyclops_runtime import storage

    fsspec.filesystem("memory").pipe("/zone/churn/a.json", b"{}")
    store = ZoneStore(make_document(zones__curated="memory://zone"))
    answers, waited, real = iter([FileNotFoundError(), FileNotFoundError()]), [], MemoryFileSystem.open

    def after_a_restart(self, *args, **kwargs):
        for answer in answers:
            raise answer
        return real(self, *args, **kwargs)

    monkeypatch.setattr(MemoryFileSystem, "open", after_a_restart)
    monkeypatch.setattr(storage.time, "sleep", waited.append)
    assert store.read_bytes("curated/churn/a.json") == b"{}"
    assert waited == [2.0, 5.0]
    with pytest.raises(InputError, match="no such file"):
        store.read_bytes("curated/churn/b.json")
    assert waited == [2.0, 5.0, 2.0, 5.0, 10.0]


def test_s3_endpoints_are_addressed_by_path(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.local:8333")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    options = storage_options("s3://bucket/x")
    assert options["endpoint_url"] == "http://s3.local:8333"
    assert options["client_kwargs"] == {"region_name": "eu-central-1"}
    assert options["config_kwargs"]["s3"] == {"addressing_style": "path"}
    assert storage_options("/tmp/x") == {}
