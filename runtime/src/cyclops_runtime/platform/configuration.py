"""Reads the small JSON documents of the platform commands."""

from typing import Any, TypeVar

import fsspec
import msgspec

from cyclops_runtime.errors import InputError
from cyclops_runtime.storage import storage_options

T = TypeVar("T")


def read_configuration(uri: str, kind: type[T]) -> T:
    """The document at a path or fsspec address as `kind`; InputError names the place of what is wrong."""
    try:
        with fsspec.open(uri, "rb", **storage_options(uri)) as file:
            content: Any = file.read()
    except FileNotFoundError:
        raise InputError(f"{uri}: no such file; give it with --config") from None
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:  # ValidationError is one of them
        raise InputError(f"{uri}: {error}") from None
