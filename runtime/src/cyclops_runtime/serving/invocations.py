"""MLflow's scoring protocol: `POST /invocations`."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any

import orjson
import pandas as pd

from cyclops_runtime.serving.columns import Signature
from cyclops_runtime.serving.outputs import Outputs, to_predictions
from cyclops_runtime.serving.problems import bad_request, unsupported_media_type
from cyclops_runtime.serving.query import Query, load_json, query_of_columns, query_of_records, query_of_rows
from cyclops_runtime.values.csv_rows import Malformed, read_csv

FORMS = ("dataframe_split", "dataframe_records", "instances", "inputs")


def decode(body: bytes, content_type: str) -> dict | bytes:
    """The JSON object of a request, or the bytes of its CSV. Raises a 400 or 415."""
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if "charset" in parameters.lower() and "utf-8" not in parameters.lower():
        raise unsupported_media_type(content_type)
    if media_type == "text/csv":
        return body
    if media_type not in ("application/json", ""):
        raise unsupported_media_type(content_type)
    return load_json(body)


def parse(decoded: dict | bytes, signature: Signature | None, schema: Any, takes_params: bool, extras: Sequence[str]) -> Query:
    """Query of a decoded request in any of MLflow's forms. Raises a 400 that names the place."""
    if isinstance(decoded, bytes):
        return _parse_csv(decoded, signature, extras)
    forms = [form for form in FORMS if form in decoded]
    if len(forms) != 1:
        raise bad_request(f"the body must have exactly one of {', '.join(FORMS)}; it has {', '.join(forms) or 'none'}")
    params = decoded.get("params") if takes_params else None
    if params is not None and type(params) is not dict:
        raise bad_request('"params" must be an object')
    if signature is None:
        return _parse_by_mlflow(decoded, schema, params)
    query = _parse_form(forms[0], decoded[forms[0]], signature, extras)
    if params:
        # MLflow checks parameters itself, so this query goes its way, alone.
        return Query(query.rows, raw=signature.frame([query.columns]), params=params, extras=query.extras)
    return query


def answer(outputs: Outputs) -> bytes:
    """The body of an answer: `{"predictions": ...}`, one entry for each row."""
    return orjson.dumps(
        {"predictions": to_predictions(outputs)}, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS, default=str
    )


def _parse_form(form: str, data: Any, signature: Signature, extras: Sequence[str]) -> Query:
    if form == "dataframe_split":
        if type(data) is not dict or type(data.get("data")) is not list or type(data.get("columns")) is not list:
            raise bad_request('"dataframe_split" must be an object with the lists "columns" and "data"')
        return query_of_rows(signature, data["data"], data["columns"], extras)
    if form == "dataframe_records":
        if type(data) is not list:
            raise bad_request('"dataframe_records" must be a list of objects')
        return query_of_records(signature, data, extras)
    if form == "inputs" and type(data) is dict:
        columns = {name: values if type(values) is list else [values] for name, values in data.items()}
        return query_of_columns(signature, columns, extras)
    if type(data) is not list or not data:
        raise bad_request(f'"{form}" must be a list of rows' + (" or an object of columns" if form == "inputs" else ""))
    if type(data[0]) is dict:
        return query_of_records(signature, data, extras)
    if type(data[0]) is list:
        return query_of_rows(signature, data, signature.names, extras)
    return query_of_rows(signature, [[value] for value in data], signature.names, extras)


def _parse_csv(body: bytes, signature: Signature | None, extras: Sequence[str]) -> Query:
    """CSV with a header line, read as the raw files of training are: blank fields are missing, and every row has all fields."""
    try:
        content = read_csv(io.BytesIO(body))
        columns = next((columns for _, columns in content.blocks(sys.maxsize)), None)
    except (Malformed, UnicodeDecodeError) as error:
        raise bad_request(f"the body is not valid CSV with a header line: {str(error)[:300]}") from None
    if columns is None:
        raise bad_request("the request has no rows")
    if signature is None:  # what the values mean, nobody has said
        frame = pd.read_csv(io.BytesIO(body), encoding="utf-8-sig", skipinitialspace=True, index_col=False)
        return Query(len(frame), raw=frame)
    return query_of_columns(signature, dict(zip(content.names, columns, strict=True)), extras, are_texts=True)


def _parse_by_mlflow(document: dict, schema: Any, params: dict | None) -> Query:
    """For models without a signature of named columns: MLflow's own parser decides what the model gets."""
    from mlflow.exceptions import MlflowException
    from mlflow.pyfunc import scoring_server

    try:
        data = scoring_server.infer_and_parse_data({form: document[form] for form in FORMS if form in document}, schema)
    except (MlflowException, ValueError, KeyError, TypeError) as error:
        raise bad_request(str(getattr(error, "message", error)).splitlines()[0][:300]) from None
    rows = len(next(iter(data.values()))) if isinstance(data, dict) and data else len(data)
    if rows == 0:
        raise bad_request("the request has no rows")
    return Query(rows, raw=data, params=params)
