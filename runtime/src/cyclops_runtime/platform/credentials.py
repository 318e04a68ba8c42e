"""credentials: fills Kubernetes Secrets with values that are made inside of the cluster and never leave it.

Generated values (password, token, s3-key, mlflow-user, web-user, seaweedfs-security) are made once and never changed. Composed
ones (database-url, s3-config, mlflow-auth) follow the file: a new identity in it comes into the Secret with the next run.
Existing ones are somebody else's: others may refer to them, and they are read only. Every write holds only if the Secret is
still the one that was read, so that two instances at once agree on the first one's values.
"""

import io
import json
import secrets
import string
from collections.abc import Callable
from configparser import ConfigParser
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from cyclops_runtime.errors import InputError, RuntimeFailure
from cyclops_runtime.logging import get_logger
from cyclops_runtime.platform.configuration import read_configuration
from cyclops_runtime.platform.kubernetes import SecretChanged, SecretClient

log = get_logger(__name__)

_ATTEMPTS = 5
# Letters and digits alone stand unchanged in addresses, ini files and shells; 32 of them are 190 bits.
_ALPHABET = string.ascii_letters + string.digits
_ACCESS_KEY, _SECRET_KEY = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_CERTIFICATE, _PRIVATE_KEY = "tls.crt", "tls.key"

# Value of a key of a Secret that comes earlier in the file.
Lookup = Callable[[str, str], str]


class _Secret(Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind"):
    name: str


class Existing(_Secret, tag="existing"):
    """A Secret that is not the stack's: read, never written."""


class Password(_Secret, tag="password"):
    """A random password under the key `password`."""


class Token(_Secret, tag="token"):
    """A random token under the key `token`."""


class S3Key(_Secret, tag="s3-key"):
    """Access key and secret key of one S3 user."""


class Identity(Struct, frozen=True, kw_only=True, rename="camel"):
    """An S3 user: the s3-key secret with its keys, and its actions, such as `Read:bucket` or `Admin`."""

    name: str
    secret: str
    actions: list[str]


class S3Config(_Secret, tag="s3-config"):
    """SeaweedFS' list of S3 users under the key `s3.json`."""

    identities: list[Identity]


class SeaweedfsSecurity(_Secret, tag="seaweedfs-security"):
    """What the parts of SeaweedFS know each other by: a certificate, its key, and the keys that sign access to volumes."""


class MlflowUser(_Secret, tag="mlflow-user"):
    """Name and random password of an MLflow user."""

    username: str


class WebUser(_Secret, tag="web-user"):
    """Name and random password of the one user of a server of Prometheus' family, and its `web.yml`, which knows the hash."""

    username: str


class MlflowAuth(_Secret, tag="mlflow-auth"):
    """MLflow's `basic_auth.ini`, and the key its server signs forms with."""

    admin_secret: str
    database_url_secret: str


class DatabaseUrl(_Secret, tag="database-url"):
    """SQLAlchemy address of a PostgreSQL database under the key `url`."""

    password_secret: str
    host: str
    port: int
    user: str
    database: str


class CredentialsFile(Struct, frozen=True, kw_only=True, rename="camel"):
    """The configuration of this command."""

    namespace: str
    secrets: list[
        Existing | Password | Token | S3Key | S3Config | SeaweedfsSecurity | MlflowUser | WebUser | MlflowAuth | DatabaseUrl
    ]


def run(config: str) -> dict[str, Any]:
    """Fills the listed Secrets in order; the result names what was filled and what was left as it is, without values."""
    file = read_configuration(config, CredentialsFile)
    _check_order(file)
    return fill(file, SecretClient(file.namespace))


def _check_order(file: CredentialsFile) -> None:
    before: set[str] = set()
    for secret in file.secrets:
        if secret.name in before:
            raise InputError(f"secret {secret.name!r} is listed twice")
        for other in _references(secret):
            if other not in before:
                raise InputError(f"secret {secret.name!r} refers to {other!r}, which must be listed before it")
        before.add(secret.name)


def _references(secret: _Secret) -> list[str]:
    if isinstance(secret, S3Config):
        return [identity.secret for identity in secret.identities]
    if isinstance(secret, MlflowAuth):
        return [secret.admin_secret, secret.database_url_secret]
    return [secret.password_secret] if isinstance(secret, DatabaseUrl) else []


def fill(file: CredentialsFile, client: SecretClient) -> dict[str, Any]:
    """Does the work of `run` with a given client."""
    values: dict[str, dict[str, str]] = {}

    def lookup(name: str, key: str) -> str:
        if not values[name].get(key):
            raise InputError(f"Secret {file.namespace}/{name} has no {key!r}: fill it in")
        return values[name][key]

    filled: list[str] = []
    for secret in file.secrets:
        values[secret.name], changed = _fill_one(secret, client, lookup)
        if changed:
            filled.append(secret.name)
        log.info("secret-filled" if changed else "secret-kept", name=secret.name)
    return {"filled": filled, "kept": [secret.name for secret in file.secrets if secret.name not in filled]}


def _fill_one(secret: _Secret, client: SecretClient, lookup: Lookup) -> tuple[dict[str, str], bool]:
    if isinstance(secret, Existing):
        return client.read(secret.name, mend="make it, as others refer to it")[0], False
    for _ in range(_ATTEMPTS):
        present, version = client.read(secret.name)
        wanted = _values(secret, present, lookup)
        missing = {key: value for key, value in wanted.items() if present.get(key) != value}
        if not missing:
            return {**present, **wanted}, False
        try:
            client.write(secret.name, missing, version)
        except SecretChanged:
            log.info("secret-changed-meanwhile", name=secret.name)
            continue
        return {**present, **wanted}, True
    raise RuntimeFailure(f"Secret {secret.name} changes all the time: is something else writing it?")


def _values(secret: _Secret, present: dict[str, str], lookup: Lookup) -> dict[str, str]:
    """What the Secret must hold. Generated values that are present stay; composed ones are composed anew."""
    if isinstance(secret, Password):
        return {"password": present.get("password") or random_text(32)}
    if isinstance(secret, Token):
        return {"token": present.get("token") or random_text(48)}
    if isinstance(secret, S3Key):
        return _s3_key(secret, present)
    if isinstance(secret, SeaweedfsSecurity):
        return _seaweedfs_security(secret, present)
    if isinstance(secret, MlflowUser):
        return {"username": present.get("username") or secret.username, "password": present.get("password") or random_text(32)}
    if isinstance(secret, WebUser):
        return _web_user(secret, present)
    if isinstance(secret, S3Config):
        return {"s3.json": compose_s3_config(secret, lookup)}
    if isinstance(secret, DatabaseUrl):
        return {"url": compose_database_url(secret, lookup)}
    if isinstance(secret, MlflowAuth):
        return {
            "basic_auth.ini": compose_mlflow_auth(secret, lookup),
            "flask-secret-key": present.get("flask-secret-key") or random_text(48),
        }
    raise TypeError(type(secret).__name__)


def random_text(length: int) -> str:
    """Letters and digits from the system's source of randomness."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _check_pair(secret: _Secret, present: dict[str, str], pair: tuple[str, str]) -> None:
    given = [key for key in pair if present.get(key)]
    if len(given) == 1:
        # A half-filled key pair is a person's mistake: making up the other half would hide it.
        raise InputError(f"Secret {secret.name} has {given[0]} alone: fill both keys, or empty it")


def _s3_key(secret: S3Key, present: dict[str, str]) -> dict[str, str]:
    _check_pair(secret, present, (_ACCESS_KEY, _SECRET_KEY))
    return {
        _ACCESS_KEY: present.get(_ACCESS_KEY) or random_text(20).upper(),
        _SECRET_KEY: present.get(_SECRET_KEY) or random_text(40),
    }


def _seaweedfs_security(secret: SeaweedfsSecurity, present: dict[str, str]) -> dict[str, str]:
    _check_pair(secret, present, (_CERTIFICATE, _PRIVATE_KEY))
    certificate, key = present.get(_CERTIFICATE), present.get(_PRIVATE_KEY)
    if not (certificate and key):
        certificate, key = self_signed(secret.name)
    signing = ("jwt-signing-key", "jwt-signing-read-key")
    return {_CERTIFICATE: certificate, _PRIVATE_KEY: key, **{name: present.get(name) or random_text(48) for name in signing}}


def _web_user(secret: WebUser, present: dict[str, str]) -> dict[str, str]:
    username = present.get("username") or secret.username
    password = present.get("password") or random_text(32)
    # A hash is never the same twice: one that fits the password stays.
    config = present.get("web.yml", "")
    return {
        "username": username,
        "password": password,
        "web.yml": config if _admits(config, username, password) else compose_web_config(username, password),
    }


def _admits(config: str, username: str, password: str) -> bool:
    import bcrypt

    try:
        users = json.loads(config)["basic_auth_users"]
        return list(users) == [username] and bcrypt.checkpw(password.encode(), users[username].encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def compose_web_config(username: str, password: str) -> str:
    """A file for `--web.config.file` of Prometheus, Alertmanager and Pushgateway. JSON is YAML.

    https://prometheus.io/docs/prometheus/latest/configuration/https/
    """
    import bcrypt

    # The servers remember whom they let in, so that a slow hash costs little; a random password of 190 bits needs none.
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(10)).decode()
    return json.dumps({"basic_auth_users": {username: hashed}}, indent=2)


def self_signed(name: str) -> tuple[str, str]:
    """A certificate that is its own authority, and its key, in PEM: who trusts it alone trusts the holder of the key alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # No clock is asked. 9999 is how a certificate says that it has no end: RFC 5280, 4.1.2.5.
        .not_valid_before(datetime(2000, 1, 1))
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def compose_s3_config(secret: S3Config, lookup: Lookup) -> str:
    """The document of `weed s3 -config`."""
    identities = [
        {
            "name": identity.name,
            "credentials": [
                {"accessKey": lookup(identity.secret, _ACCESS_KEY), "secretKey": lookup(identity.secret, _SECRET_KEY)}
            ],
            "actions": identity.actions,
        }
        for identity in secret.identities
    ]
    return json.dumps({"identities": identities}, indent=2)


def compose_database_url(secret: DatabaseUrl, lookup: Lookup) -> str:
    """Names the driver: which one `postgresql://` means depends on SQLAlchemy's version."""
    password = quote(lookup(secret.password_secret, "password"), safe="")
    host = f"[{secret.host}]" if ":" in secret.host else secret.host
    user, database = quote(secret.user, safe=""), quote(secret.database, safe="")
    return f"postgresql+psycopg2://{user}:{password}@{host}:{secret.port}/{database}"


def compose_mlflow_auth(secret: MlflowAuth, lookup: Lookup) -> str:
    """MLflow reads its configuration with interpolation, in which `%` must be doubled."""
    settings = {
        "default_permission": "READ",
        "database_uri": lookup(secret.database_url_secret, "url"),
        "admin_username": lookup(secret.admin_secret, "username"),
        "admin_password": lookup(secret.admin_secret, "password"),
        "authorization_function": "mlflow.server.auth:authenticate_request_basic_auth",
        # Hashing a password takes ten times as long as the request that it is for. A password that is changed or taken away
        # may go on for so many seconds: see MLflow's basic_auth.ini.
        "auth_cache_ttl_seconds": "60",
    }
    parser = ConfigParser()
    parser["mlflow"] = {key: value.replace("%", "%%") for key, value in settings.items()}
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()
