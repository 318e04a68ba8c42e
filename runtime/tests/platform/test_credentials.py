"""credentials against a stand-in of the Kubernetes API that keeps Secrets and checks resource versions."""

import base64
import configparser
import contextlib
import json
import logging
import ssl

import bcrypt
import httpx
import msgspec
import pytest

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.platform.credentials import CredentialsFile, _check_order, fill, self_signed
from cyclops_runtime.platform.kubernetes import SecretClient

FILE = {
    "namespace": "ns",
    "secrets": [
        {"name": "db", "kind": "password"},
        {
            "name": "db-url",
            "kind": "database-url",
            "passwordSecret": "db",
            "host": "pg.ns.svc",
            "port": 5432,
            "user": "mlflow",
            "database": "mlflow",
        },
        {"name": "s3-train", "kind": "s3-key"},
        {
            "name": "s3-config",
            "kind": "s3-config",
            "identities": [{"name": "train", "secret": "s3-train", "actions": ["Read:features", "Write:models"]}],
        },
        {"name": "admin", "kind": "mlflow-user", "username": "administrator"},
        {"name": "auth", "kind": "mlflow-auth", "adminSecret": "admin", "databaseUrlSecret": "db-url"},
        {"name": "notebook", "kind": "token"},
        {"name": "store", "kind": "seaweedfs-security"},
        {"name": "prometheus", "kind": "web-user", "username": "monitoring-client"},
    ],
}


class Cluster:
    """Secrets by name as (data, version); `before_patch` is called ahead of every write."""

    def __init__(self, names):
        self.secrets = {name: ({}, 1) for name in names}
        self.before_patch = lambda name: None
        self.status = None

    def __call__(self, request):
        name = request.url.path.rpartition("/")[2]
        assert request.url.path == f"/api/v1/namespaces/ns/secrets/{name}"
        if self.status:
            return httpx.Response(self.status, json={})
        if name not in self.secrets:
            return httpx.Response(404, json={})
        if request.method == "PATCH":
            self.before_patch(name)
            patch = json.loads(request.content)
            data, version = self.secrets[name]
            if patch["metadata"]["resourceVersion"] != str(version):
                return httpx.Response(409, json={})
            self.secrets[name] = ({**data, **patch["data"]}, version + 1)
        data, version = self.secrets[name]
        # Kubernetes leaves `data` out of an empty Secret.
        return httpx.Response(200, json={"metadata": {"resourceVersion": str(version)}, **({"data": data} if data else {})})

    def client(self):
        return SecretClient("ns", httpx.Client(transport=httpx.MockTransport(self), base_url="https://kubernetes"))

    def values(self, name):
        return {key: base64.b64decode(value).decode() for key, value in self.secrets[name][0].items()}


def parse(value):
    return msgspec.convert(value, CredentialsFile)


@pytest.fixture
def cluster():
    return Cluster([secret["name"] for secret in FILE["secrets"]])


def test_all_kinds_are_filled_and_fit_each_other(cluster, caplog):
    with caplog.at_level(logging.DEBUG):
        assert fill(parse(FILE), cluster.client())["kept"] == []
    password = cluster.values("db")["password"]
    assert cluster.values("db-url") == {"url": f"postgresql+psycopg2://mlflow:{password}@pg.ns.svc:5432/mlflow"}
    keys = cluster.values("s3-train")
    assert json.loads(cluster.values("s3-config")["s3.json"]) == {
        "identities": [
            {
                "name": "train",
                "actions": ["Read:features", "Write:models"],
                "credentials": [{"accessKey": keys["AWS_ACCESS_KEY_ID"], "secretKey": keys["AWS_SECRET_ACCESS_KEY"]}],
            }
        ]
    }
    assert cluster.values("admin")["username"] == "administrator"
    ini = configparser.ConfigParser()
    ini.read_string(cluster.values("auth")["basic_auth.ini"])
    assert ini["mlflow"]["database_uri"] == cluster.values("db-url")["url"]
    assert ini["mlflow"]["admin_password"] == cluster.values("admin")["password"]
    assert ini["mlflow"]["default_permission"] == "READ"
    assert 0 < ini["mlflow"].getint("auth_cache_ttl_seconds") <= 60
    generated = [
        password,
        *keys.values(),
        cluster.values("admin")["password"],
        cluster.values("notebook")["token"],
        cluster.values("prometheus")["password"],
        cluster.values("auth")["flask-secret-key"],
        cluster.values("store")["jwt-signing-key"],
        cluster.values("store")["jwt-signing-read-key"],
    ]
    assert len(set(generated)) == len(generated)
    assert all(len(value) >= 20 and value.isalnum() for value in generated)
    assert not any(value in caplog.text for value in [*generated, cluster.values("store")["tls.key"]])


def web_config(cluster):
    ((name, hashed),) = json.loads(cluster.values("prometheus")["web.yml"])["basic_auth_users"].items()
    return name, hashed


def test_a_web_server_knows_the_hash_of_its_users_password(cluster):
    fill(parse(FILE), cluster.client())
    values, (name, hashed) = cluster.values("prometheus"), web_config(cluster)
    assert name == values["username"] == "monitoring-client"
    assert bcrypt.checkpw(values["password"].encode(), hashed.encode())
    assert not bcrypt.checkpw(b"another", hashed.encode())
    assert values["password"] not in values["web.yml"]


@pytest.mark.parametrize("key", ["password", "username"])
def test_a_web_server_follows_a_person_who_changes_its_user(cluster, key):
    fill(parse(FILE), cluster.client())
    before = web_config(cluster)
    data, version = cluster.secrets["prometheus"]
    cluster.secrets["prometheus"] = ({**data, key: base64.b64encode(b"by-hand").decode()}, version)
    assert fill(parse(FILE), cluster.client())["filled"] == ["prometheus"]
    name, hashed = web_config(cluster)
    assert (name, hashed) != before
    assert name == cluster.values("prometheus")["username"]
    assert bcrypt.checkpw(cluster.values("prometheus")["password"].encode(), hashed.encode())


@pytest.mark.parametrize("text", ["no: json", "[]", '{"basic_auth_users": {"monitoring-client": "no hash"}}'])
def test_a_web_config_that_is_none_is_made_anew(cluster, text):
    cluster.secrets["prometheus"] = ({"web.yml": base64.b64encode(text.encode()).decode()}, 1)
    fill(parse(FILE), cluster.client())
    assert web_config(cluster)[0] == "monitoring-client"


def test_the_object_store_trusts_its_own_certificate_and_no_other(tmp_path):
    def context(purpose, name, trusted):
        made = ssl.SSLContext(purpose)
        made.check_hostname, made.verify_mode = False, ssl.CERT_REQUIRED
        made.load_cert_chain(tmp_path / name / "tls.crt", tmp_path / name / "tls.key")
        made.load_verify_locations(tmp_path / trusted / "tls.crt")
        return made

    for name in ("store", "stranger"):
        (tmp_path / name).mkdir()
        for file, text in zip(("tls.crt", "tls.key"), self_signed(name), strict=True):
            (tmp_path / name / file).write_text(text)
    server = context(ssl.PROTOCOL_TLS_SERVER, "store", "store")
    shake_hands(server, context(ssl.PROTOCOL_TLS_CLIENT, "store", "store"))
    with pytest.raises(ssl.SSLError, match="certificate verify failed"):
        shake_hands(server, context(ssl.PROTOCOL_TLS_CLIENT, "stranger", "store"))
    with pytest.raises(ssl.SSLError, match="certificate verify failed"):
        shake_hands(server, context(ssl.PROTOCOL_TLS_CLIENT, "store", "stranger"))


def shake_hands(server, client):
    """A handshake in memory: the sides take turns until neither wants more."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [client.wrap_bio(to_client, to_server), server.wrap_bio(to_server, to_client, server_side=True)]
    while sides:
        for side in list(sides):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
                sides.remove(side)


@pytest.mark.parametrize("key", ["tls.crt", "tls.key"])
def test_a_half_filled_certificate_is_an_error(cluster, key):
    cluster.secrets["store"] = ({key: base64.b64encode(b"x").decode()}, 1)
    with pytest.raises(InputError, match=rf"store has {key} alone"):
        fill(parse(FILE), cluster.client())


def test_a_second_time_changes_nothing(cluster):
    fill(parse(FILE), cluster.client())
    before = dict(cluster.secrets)
    assert fill(parse(FILE), cluster.client())["filled"] == []
    assert cluster.secrets == before


def test_a_new_identity_comes_into_the_composed_secret(cluster):
    fill(parse(FILE), cluster.client())
    before = cluster.values("s3-train")
    file = json.loads(json.dumps(FILE))
    cluster.secrets["s3-batch"] = ({}, 1)
    file["secrets"].insert(2, {"name": "s3-batch", "kind": "s3-key"})
    file["secrets"][4]["identities"].append({"name": "batch", "secret": "s3-batch", "actions": ["List"]})
    assert fill(parse(file), cluster.client())["filled"] == ["s3-batch", "s3-config"]
    assert cluster.values("s3-train") == before
    assert [identity["name"] for identity in json.loads(cluster.values("s3-config")["s3.json"])["identities"]] == [
        "train",
        "batch",
    ]


def test_the_faster_of_two_instances_wins(cluster):
    def other_instance(name):
        data, version = cluster.secrets[name]
        if name == "db" and not data:
            cluster.secrets[name] = ({"password": base64.b64encode(b"from-the-other").decode()}, version + 1)

    cluster.before_patch = other_instance
    result = fill(parse(FILE), cluster.client())
    assert cluster.values("db") == {"password": "from-the-other"}
    assert "from-the-other" in cluster.values("db-url")["url"]
    assert "db" in result["kept"]


def test_a_secret_that_never_rests_is_given_up(cluster):
    def bump(name):
        cluster.secrets[name] = (cluster.secrets[name][0], cluster.secrets[name][1] + 1)

    cluster.before_patch = bump
    with pytest.raises(RuntimeFailure, match="changes all the time"):
        fill(parse(FILE), cluster.client())


def test_failures_name_the_secret_and_the_mend(cluster):
    del cluster.secrets["s3-train"]
    with pytest.raises(InputError, match="Secret ns/s3-train does not exist"):
        fill(parse(FILE), cluster.client())
    cluster.status = 403
    with pytest.raises(RuntimeFailure, match=r"may not read Secret ns/db.*`get` and `patch`"):
        fill(parse(FILE), cluster.client())


def test_half_a_key_pair_is_a_mistake(cluster):
    cluster.secrets["s3-train"] = ({"AWS_ACCESS_KEY_ID": base64.b64encode(b"abc").decode()}, 1)
    with pytest.raises(InputError, match="AWS_ACCESS_KEY_ID alone"):
        fill(parse(FILE), cluster.client())


def test_references_point_backwards():
    with pytest.raises(InputError, match="'db-url' refers to 'db', which must be listed before"):
        _check_order(parse({**FILE, "secrets": FILE["secrets"][1:]}))
    with pytest.raises(InputError, match="listed twice"):
        _check_order(parse({**FILE, "secrets": [FILE["secrets"][0]] * 2}))


class TestExistingSecret:
    """Credentials of a database that is not the stack's."""

    FILE = {
        "namespace": "ns",
        "secrets": [
            {"name": "team-db", "kind": "existing"},
            {"name": "admin", "kind": "mlflow-user", "username": "administrator"},
            {"name": "auth", "kind": "mlflow-auth", "adminSecret": "admin", "databaseUrlSecret": "team-db"},
        ],
    }
    URL = "postgresql://team:pa%2Fss@db.example.com:5432/mlflow"

    @pytest.fixture
    def cluster(self):
        cluster = Cluster(["team-db", "admin", "auth"])
        # Beside the address, a certificate in a binary form.
        cluster.secrets["team-db"] = (
            {"url": base64.b64encode(self.URL.encode()).decode(), "ca.p12": base64.b64encode(b"\xff\xfe\x00").decode()},
            7,
        )
        cluster.before_patch = lambda name: pytest.fail("written") if name == "team-db" else None
        return cluster

    def test_is_read_by_what_refers_to_it_and_never_written(self, cluster):
        _check_order(parse(self.FILE))
        before = cluster.secrets["team-db"]
        assert fill(parse(self.FILE), cluster.client()) == {"filled": ["admin", "auth"], "kept": ["team-db"]}
        ini = configparser.ConfigParser()
        ini.read_string(cluster.values("auth")["basic_auth.ini"])
        assert ini["mlflow"]["database_uri"] == self.URL
        assert cluster.secrets["team-db"] == before

    def test_that_changes_changes_what_is_composed_of_it(self, cluster):
        fill(parse(self.FILE), cluster.client())
        cluster.secrets["team-db"] = ({"url": base64.b64encode(b"postgresql://other").decode()}, 8)
        assert fill(parse(self.FILE), cluster.client())["filled"] == ["auth"]
        assert "postgresql://other" in cluster.values("auth")["basic_auth.ini"]

    def test_must_exist_and_have_the_key(self, cluster):
        cluster.secrets["team-db"] = ({"uri": base64.b64encode(b"x").decode()}, 8)
        with pytest.raises(InputError, match="Secret ns/team-db has no 'url': fill it in"):
            fill(parse(self.FILE), cluster.client())
        del cluster.secrets["team-db"]
        with pytest.raises(InputError, match="Secret ns/team-db does not exist: make it"):
            fill(parse(self.FILE), cluster.client())
