"""The open inference protocol, version 2, for tabular tensors: one tensor a column, or one tensor of all columns in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import orjson

from cyclops_runtime.serving.columns import V2_DATATYPES, Signature
from cyclops_runtime.serving.outputs import PREDICTION, Outputs, to_v2_outputs, v2_datatype
from cyclops_runtime.serving.problems import bad_request
from cyclops_runtime.serving.query import Query, load_json, query_of_columns

INTEGERS = {f"{sign}INT{bits}": np.iinfo(f"{sign.lower()}int{bits}") for sign in ("", "U") for bits in (8, 16, 32, 64)}
NoneType = type(None)
ALLOWED: Mapping[str, tuple[frozenset[type], str]] = {
    "BYTES": (frozenset({str, NoneType}), "a string"),
    "BOOL": (frozenset({bool, NoneType}), "true or false"),
    **{f"FP{bits}": (frozenset({int, float, NoneType}), "a number") for bits in (16, 32, 64)},
    **{name: (frozenset({int, NoneType}), "an integer") for name in INTEGERS},
}


def decode(body: bytes) -> dict:
    """The inference request as JSON object. Raises a 400."""
    document = load_json(body)
    request_id = document.get("id")
    if request_id is not None and type(request_id) is not str:
        raise bad_request('"id" must be a string')
    return document


def parse(document: dict, signature: Signature | None, extras: Sequence[str]) -> Query:
    """Query of a decoded inference request. Raises a 400 that names the tensor and what is wrong with it."""
    tensors = document.get("inputs")
    if type(tensors) is not list or not tensors:
        raise bad_request('"inputs" must be a list of at least one tensor')
    if len(tensors) == 1 and _is_matrix(tensors[0], signature):
        query = _parse_matrix(tensors[0], signature, extras)
    else:
        query = query_of_columns(signature, _parse_columns(tensors), extras)
    query.request_id = document.get("id")
    query.wanted_outputs = _wanted_outputs(document.get("outputs"))
    return query


def answer(outputs: Outputs, model: str, version: str, query: Query) -> bytes:
    """Inference response. Raises a 400 when an output was asked for that the model has not."""
    if query.wanted_outputs is not None:
        for name in query.wanted_outputs:
            if name not in outputs.names:
                raise bad_request(f'no output "{name}": the model has {", ".join(outputs.names)}')
    document = {"model_name": model, "model_version": version, "outputs": to_v2_outputs(outputs, query.wanted_outputs)}
    if query.request_id is not None:
        document["id"] = query.request_id
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY, default=str)


def tensor_metadata(signature: Signature | None) -> list[dict]:
    """`inputs` of the model's metadata, one tensor a column."""
    if signature is None:
        return []
    return [{"name": c.name, "datatype": V2_DATATYPES[c.type], "shape": [-1]} for c in signature.columns]


def output_metadata(schema: Any) -> list[dict]:
    """`outputs` of the model's metadata, from the signature."""
    if schema is None:
        return []
    if schema.is_tensor_spec():
        return [
            {
                "name": spec.name or PREDICTION,
                "datatype": v2_datatype(np.empty(0, dtype=spec.type)),
                "shape": list(spec.shape),
            }
            for spec in schema.inputs
        ]
    return [
        {"name": spec.name or PREDICTION, "datatype": V2_DATATYPES.get(getattr(spec.type, "name", ""), "BYTES"), "shape": [-1]}
        for spec in schema.inputs
    ]


def _is_matrix(tensor: Any, signature: Signature | None) -> bool:
    """Whether the only tensor holds all columns: it has two dimensions and is not itself one of several columns."""
    if type(tensor) is not dict or type(tensor.get("shape")) is not list or len(tensor["shape"]) != 2:
        return False
    return signature is None or tensor.get("name") not in signature.names or len(signature.names) > 1 < tensor["shape"][1]


def _parse_columns(tensors: list) -> dict[str, list]:
    values: dict[str, list] = {}
    for position, tensor in enumerate(tensors):
        name, shape, data = _checked(tensor, position)
        if len(shape) > 2 or (len(shape) == 2 and shape[1] != 1):
            raise bad_request(f'input "{name}": shape {shape} is not one column: expected [n] or [n, 1]')
        if name in values:
            raise bad_request(f'input "{name}" is given twice')
        values[name] = data
    return values


def _parse_matrix(tensor: dict, signature: Signature | None, extras: Sequence[str]) -> Query:
    name, (rows, width), data = _checked(tensor, 0)
    if signature is None:
        matrix = np.array(data, dtype=object if tensor["datatype"] == "BYTES" else None).reshape(rows, width)
        if rows == 0:
            raise bad_request("the request has no rows")
        return Query(rows, raw=matrix)
    if width != len(signature.names):
        raise bad_request(
            f'input "{name}" has {width} columns, the model takes {len(signature.names)}: {", ".join(signature.names[:10])}'
        )
    return query_of_columns(signature, {column: data[i::width] for i, column in enumerate(signature.names)}, extras)


def _checked(tensor: Any, position: int) -> tuple[str, list[int], list]:
    """Name, shape and flat data of a tensor whose data fit its shape and datatype."""
    if type(tensor) is not dict or type(tensor.get("name")) is not str:
        raise bad_request(f'inputs[{position}] must be an object with a "name"')
    name = tensor["name"]
    shape, datatype, data = tensor.get("shape"), tensor.get("datatype"), tensor.get("data")
    if type(shape) is not list or not shape or not all(type(size) is int and size >= 0 for size in shape):
        raise bad_request(f'input "{name}": "shape" must be a list of sizes')
    if datatype not in ALLOWED:
        raise bad_request(f'input "{name}": datatype {datatype!r} is not one of {", ".join(ALLOWED)}')
    if type(data) is not list:
        kind = "the binary data extension is not supported: " if data is None and "parameters" in tensor else ""
        raise bad_request(f'input "{name}": {kind}"data" must be a list')
    while data and type(data[0]) is list:
        if not all(type(row) is list for row in data):
            raise bad_request(f'input "{name}": "data" mixes lists and values')
        data = [value for row in data for value in row]
    if len(data) != prod(shape):
        raise bad_request(f'input "{name}": shape {shape} needs {prod(shape)} values, "data" has {len(data)}')
    allowed, expected = ALLOWED[datatype]
    if not set(map(type, data)) <= allowed:
        wrong = next(i for i, value in enumerate(data) if type(value) not in allowed)
        raise bad_request(f'input "{name}": value {wrong} is not {expected}, as {datatype} needs: {data[wrong]!r:.60}')
    limits = INTEGERS.get(datatype)
    if limits is not None:
        numbers = [value for value in data if value is not None]
        if numbers and (min(numbers) < limits.min or max(numbers) > limits.max):
            raise bad_request(f'input "{name}": a value does not fit into {datatype}')
    return name, shape, data


def _wanted_outputs(outputs: Any) -> list[str] | None:
    if outputs is None or outputs == []:
        return None
    if type(outputs) is not list or not all(type(o) is dict and type(o.get("name")) is str for o in outputs):
        raise bad_request('"outputs" must be a list of objects with a "name"')
    return [o["name"] for o in outputs]
