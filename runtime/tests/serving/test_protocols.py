"""Every form of request gives the model's own predictions; every wrong one a sentence that names the place."""

import asyncio
import itertools
import json
import socket

import mlflow
import numpy as np
import pytest
import serving_support as support

from cyclops_runtime.prediction import predict
from cyclops_runtime.serving.application import Predictions
from cyclops_runtime.serving.scorer import INVOCATIONS

COLUMNS = list(support.TYPES)


@pytest.fixture(scope="module")
def scorers(saved, tmp_path_factory, mlflow_folder):
    """Running scorers by name of the saved model."""
    running = {}
    with support.registry_in(mlflow_folder):
        for key in ("v1", "regressor", "unsigned", "picky"):
            support.register(f"protocols-{key}", saved[key])
            mlflow.MlflowClient().set_registered_model_alias(f"protocols-{key}", "champion", "1")
            scorer = support.RunningScorer(support.make_document(tmp_path_factory.mktemp(key), f"protocols-{key}"))
            running[key] = scorer.__enter__()
            scorer.wait_for(champion="1")
        yield running
        for scorer in running.values():
            scorer.__exit__()


@pytest.fixture
def scorer(scorers):
    return scorers["v1"]


@pytest.fixture(scope="module")
def frame():
    return support.people(25, 9)[COLUMNS]


@pytest.fixture(scope="module")
def expected(saved, frame):
    answer = predict(mlflow.pyfunc.load_model(saved["v1"]), frame)
    return answer.to_dict("records")


def records(frame):
    return [{k: None if v != v else v for k, v in row.items()} for row in frame.to_dict("records")]


def forms(frame):
    rows = records(frame)
    return {
        "dataframe_split": support.split(frame),
        "dataframe_split reordered": support.split(frame[COLUMNS[::-1]]),
        "dataframe_records": {"dataframe_records": rows},
        "instances of objects": {"instances": rows},
        "instances of lists": {"instances": [list(row.values()) for row in rows]},
        "inputs of columns": {"inputs": {c: [row[c] for row in rows] for c in COLUMNS}},
        "inputs of objects": {"inputs": rows},
    }


def assert_predictions(actual, expected):
    assert [row["label"] for row in actual] == [row["label"] for row in expected]
    np.testing.assert_allclose([row["probability"] for row in actual], [row["probability"] for row in expected], rtol=1e-12)


@pytest.mark.parametrize("form", list(forms(support.people(2))))
def test_every_form_predicts_what_the_model_predicts(scorer, frame, expected, form):
    response = scorer.client.post("/invocations", json=forms(frame)[form])
    assert response.status_code == 200, response.text
    assert response.headers["x-cyclops-model-version"] == "1"
    assert_predictions(response.json()["predictions"], expected)


def test_csv(scorer, frame, expected):
    response = scorer.client.post(
        "/invocations", content=frame.to_csv(index=False), headers={"content-type": "text/csv; charset=utf-8"}
    )
    assert_predictions(response.json()["predictions"], expected)


def test_a_model_without_classes_answers_what_its_predict_returns(scorers, saved):
    frame = support.pd.DataFrame([[1, 2.5, 3, 4], [0.5, 0, -1, 2]], columns=list("abcd"))
    own = mlflow.pyfunc.load_model(saved["regressor"]).predict(frame.astype(float))
    for body in ({"inputs": frame.to_numpy().tolist()}, {"instances": frame.to_dict("records")}, support.split(frame)):
        np.testing.assert_allclose(
            scorers["regressor"].client.post("/invocations", json=body).json()["predictions"], own, rtol=1e-12
        )


def test_a_model_without_signature(scorers, saved):
    frame = support.people(4)[["age", "active"]].astype(float)
    own = mlflow.pyfunc.load_model(saved["unsigned"]).predict(frame.to_numpy()).tolist()
    scorer = scorers["unsigned"]
    assert scorer.client.post("/invocations", json={"inputs": frame.to_numpy().tolist()}).json() == {"predictions": own}
    tensor = {"name": "x", "shape": [4, 2], "datatype": "FP64", "data": frame.to_numpy().ravel().tolist()}
    assert scorer.client.post("/v2/models/churn/infer", json={"inputs": [tensor]}).json()["outputs"][0]["data"] == own
    assert scorer.client.post("/invocations", json={"inputs": [["x", "y"]]}).status_code in (400, 500)


def with_value(column, value):
    rows = records(support.people(2).fillna(1)[COLUMNS])
    rows[1][column] = value
    return {"dataframe_records": rows}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"dataframe_split": {"columns": ["age", "plan"], "data": [[1, "pro"]]}}, ["missing columns", "income", "active"]),
        (with_value("age", "old"), ["age", "row 1", "number", "'old'"]),
        (with_value("plan", 3), ["plan", "row 1", "string", "3"]),
        (with_value("active", "yes"), ["active", "row 1", "true or false"]),
        (with_value("active", None), ["active", "null"]),
        (with_value("age", [1]), ["age", "row 1"]),
        (with_value("plan", {"a": 1}), ["plan", "row 1"]),
        ({"dataframe_split": {"columns": COLUMNS, "data": [[1, 2, "pro"]]}}, ["row 0", "3 values", "expected 4"]),
        ({"dataframe_split": {"columns": COLUMNS, "data": []}}, ["no rows"]),
        ({"dataframe_split": []}, ["dataframe_split"]),
        ({"dataframe_records": [{"age": 1}, 5]}, ["row 1"]),
        ({"dataframe_records": [dict.fromkeys(COLUMNS, 1), {"age": 1}]}, ["row 1", "income"]),
        ({"inputs": {"age": [1, 2], "income": [1]}}, ["income", "1 values"]),
        ({"instances": []}, ["instances"]),
        ({"inputs": 5}, ["inputs"]),
        ({}, ["exactly one of"]),
        ({"instances": [[1]], "inputs": [[1]]}, ["exactly one of"]),
        ([1, 2], ["JSON object"]),
    ],
)
def test_bad_requests_name_the_place(scorer, body, words):
    response = scorer.client.post("/invocations", json=body)
    assert response.status_code == 400
    for word in words:
        assert word in response.json()["error"]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "word"),
    [
        (b"", "application/json", 400, "no body"),
        (b"{nope", "application/json", 400, "not valid JSON"),
        (b'{"inputs": [NaN]}', "application/json", 400, "not valid JSON"),
        (b"\xff\xfe", "application/json", 400, "not valid JSON"),
        (b"age,plan\n1,pro\n", "text/csv", 400, "missing columns: income, active"),
        (b"age,income,plan,active\nold,1,pro,True\n", "text/csv", 400, "age"),
        (b"", "text/csv", 400, "CSV"),
        (b"age,income,plan,active\n", "text/csv", 400, "no rows"),
        (b"<x/>", "application/xml", 415, "application/xml"),
        (b"{}", "application/json; charset=latin-1", 415, "latin-1"),
    ],
)
def test_unreadable_bodies(scorer, content, content_type, status, word):
    response = scorer.client.post("/invocations", content=content, headers={"content-type": content_type})
    assert response.status_code == status
    assert word in response.json()["error"]


def test_too_large_bodies_are_refused_whether_announced_or_streamed(scorer):
    body = b" " * (9 * 1024 * 1024)
    announced = scorer.client.post("/invocations", content=body)
    streamed = scorer.client.post("/invocations", content=(body[i : i + 65536] for i in range(0, len(body), 65536)))
    assert [announced.status_code, streamed.status_code] == [413, 413]
    assert "8388608 bytes" in streamed.json()["error"]
    assert scorer.client.get("/healthz").status_code == 200


def test_a_body_whose_last_part_is_too_much_is_answered_at_once(scorer):
    parts = [
        {"type": "http.request", "body": b" " * (8 * 1024 * 1024), "more_body": True},
        {"type": "http.request", "body": b"  ", "more_body": False},
    ]
    sent = []

    async def receive():
        return parts.pop(0)  # fails when asked for more than there is: a server would wait forever

    async def send(message):
        sent.append(message)

    scope = {"headers": [], "path_params": {}}
    asyncio.run(Predictions(scorer.service.scorer, INVOCATIONS, pinned=False)(scope, receive, send))
    assert sent[0]["status"] == 413
    assert (b"connection", b"close") not in sent[0]["headers"]


def test_a_model_error_is_a_500_and_the_next_request_is_fine(scorers):
    row = support.people(1)[COLUMNS].fillna(1)
    failed = scorers["picky"].invoke(row.assign(age=99.0))
    assert failed.status_code == 500
    assert failed.json() == {"error": "the model could not predict: ArithmeticError: too old for this model"}
    assert scorers["picky"].invoke(row.assign(age=9.0)).json() == {"predictions": [18.0]}


def tensors(frame, two_dimensional=False):
    datatypes = {"double": "FP64", "string": "BYTES", "boolean": "BOOL"}
    shape = [len(frame), 1] if two_dimensional else [len(frame)]
    rows = records(frame)
    return [
        {
            "name": c,
            "shape": shape,
            "datatype": datatypes[support.TYPES[c]],
            "data": [[row[c]] if two_dimensional else row[c] for row in rows],
        }
        for c in COLUMNS
    ]


def infer(scorer, document, path="/v2/models/churn/infer", **headers):
    return scorer.client.post(path, json=document, headers=headers)


@pytest.mark.parametrize("two_dimensional", [False, True])
def test_v2_one_tensor_a_column(scorer, frame, expected, two_dimensional):
    response = infer(scorer, {"id": "r-1", "inputs": tensors(frame, two_dimensional)})
    answer = response.json()
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("churn", "1", "r-1")
    assert response.headers["x-request-id"] == "r-1"
    label, probability = answer["outputs"]
    assert (label["name"], label["datatype"], label["shape"]) == ("label", "BYTES", [len(frame)])
    assert (probability["name"], probability["datatype"], probability["shape"]) == ("probability", "FP64", [len(frame)])
    assert_predictions(
        [{"label": a, "probability": b} for a, b in zip(label["data"], probability["data"], strict=True)], expected
    )


@pytest.mark.parametrize(
    ("datatype", "convert"), [("FP64", float), ("FP32", float), ("INT64", int), ("INT32", int), ("INT8", int), ("UINT8", int)]
)
@pytest.mark.parametrize("nested", [False, True])
def test_v2_one_matrix_in_column_order(scorers, saved, datatype, convert, nested):
    values = [[convert(v) for v in row] for row in ([1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12])]
    tensor = {
        "name": "input-0",
        "shape": [3, 4],
        "datatype": datatype,
        "data": values if nested else list(itertools.chain(*values)),
    }
    output = infer(scorers["regressor"], {"inputs": [tensor]}).json()["outputs"][0]
    own = mlflow.pyfunc.load_model(saved["regressor"]).predict(support.pd.DataFrame(values, columns=list("abcd"), dtype=float))
    assert (output["name"], output["datatype"], output["shape"]) == ("prediction", "FP64", [3])
    np.testing.assert_allclose(output["data"], own, rtol=1e-12)


def test_v2_outputs_that_were_asked_for(scorer, frame):
    answer = infer(scorer, {"inputs": tensors(frame), "outputs": [{"name": "probability"}]}).json()
    assert [o["name"] for o in answer["outputs"]] == ["probability"]
    refused = infer(scorer, {"inputs": tensors(frame), "outputs": [{"name": "score"}]})
    assert (refused.status_code, refused.json()) == (400, {"error": 'no output "score": the model has label, probability'})


def changed(**changes):
    age, *rest = tensors(support.people(2).fillna(1)[COLUMNS])
    return {"inputs": [{**age, **changes}, *rest]}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, ["inputs"]),
        ({"inputs": []}, ["inputs"]),
        ({"inputs": [5]}, ["inputs[0]"]),
        ({"id": 5, "inputs": tensors(support.people(1)[COLUMNS])}, ["id"]),
        (changed(shape=[3]), ["age", "3 values", "has 2"]),
        (changed(shape=[1, 2]), ["age", "not one column"]),
        (changed(shape="2"), ["age", "shape"]),
        (changed(shape=[-2]), ["age", "shape"]),
        (changed(datatype="FLOAT"), ["age", "datatype", "FLOAT"]),
        (changed(data="12"), ["age", "data"]),
        (changed(data=[1, "x"]), ["age", "value 1", "a number"]),
        (changed(datatype="INT8", data=[1, 300]), ["age", "INT8"]),
        (changed(datatype="INT64", data=[1, 2.5]), ["age", "value 1", "integer"]),
        (changed(datatype="UINT8", data=[1, -1]), ["age", "UINT8"]),
        (changed(datatype="BYTES", data=["a", "b"]), ["age", "number"]),
        (changed(datatype="BOOL", data=[1, 0]), ["age", "true or false"]),
        (changed(data=[[1], 2]), ["age", "mixes"]),
        (changed(name="years"), ["missing column", "age"]),
        (changed(name="plan"), ["plan", "twice"]),
        ({"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP64", "data": [1, 2, 3]}]}, ["3 columns", "takes 4"]),
    ],
)
def test_v2_bad_requests_name_the_tensor(scorer, document, words):
    response = infer(scorer, document)
    assert response.status_code == 400
    for word in words:
        assert word in response.json()["error"]


def test_v2_metadata_and_health(scorer):
    client = scorer.client
    assert client.get("/v2").json()["name"] == "cyclops-runtime"
    metadata = client.get("/v2/models/churn").json()
    assert metadata["versions"] == ["1"]
    assert metadata["inputs"] == [
        {"name": "age", "datatype": "FP64", "shape": [-1]},
        {"name": "income", "datatype": "FP64", "shape": [-1]},
        {"name": "plan", "datatype": "BYTES", "shape": [-1]},
        {"name": "active", "datatype": "BOOL", "shape": [-1]},
    ]
    assert [(o["name"], o["datatype"]) for o in metadata["outputs"]] == [("label", "BYTES"), ("probability", "FP64")]
    for path in (
        "/v2/health/live",
        "/v2/health/ready",
        "/v2/models/churn/ready",
        "/v2/models/churn/versions/1/ready",
        "/healthz",
        "/readyz",
    ):
        assert client.get(path).status_code == 200


def test_unknown_models_versions_and_paths(scorer, frame):
    document = {"inputs": tensors(frame)}
    assert infer(scorer, document, "/v2/models/other/infer").status_code == 404
    assert infer(scorer, document, "/v2/models/churn/versions/7/infer").status_code == 404
    assert infer(scorer, document, "/v2/models/churn/versions/1/infer").status_code == 200
    for path in ("/v2/models/other", "/v2/models/other/ready", "/v2/models/churn/versions/7", "/nowhere"):
        assert scorer.client.get(path).status_code == 404
        assert "error" in scorer.client.get(path).json()
    assert scorer.client.get("/invocations").status_code == 405


def test_request_ids_are_echoed_or_made(scorer, frame):
    row = frame.head(1)
    assert scorer.invoke(row, x_request_id="abc").headers["x-request-id"] == "abc"
    assert infer(scorer, {"id": "body", "inputs": tensors(row)}, **{"x-request-id": "header"}).headers["x-request-id"] == "header"
    made = {scorer.invoke(row).headers["x-request-id"] for _ in range(5)}
    assert len(made) == 5
    hostile = infer(scorer, {"id": "a\r\nset-cookie: x", "inputs": tensors(row)})
    assert hostile.status_code == 200
    assert "set-cookie" not in hostile.headers
    assert hostile.json()["id"] == "a\r\nset-cookie: x"


def test_requests_are_counted(scorer, frame):
    def counts():
        return (
            scorer.metric("cyclops_requests_total", code="200", version="1"),
            scorer.metric("cyclops_requests_total", code="400"),
            scorer.metric("cyclops_predictions_total", version="1"),
            scorer.metric("cyclops_request_seconds_count", version="1"),
        )

    before = counts()
    scorer.invoke(frame)
    scorer.client.post("/invocations", json={"instances": []})
    after = counts()
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, len(frame), 2]
    assert scorer.metric("cyclops_model_info", version="1", role="champion") == 1
    assert scorer.metric("cyclops_inflight_requests") == 0
    assert scorer.metric("process_cpu_seconds_total") > 0
    assert scorer.metric("cyclops_memory_limit_bytes") > 0


@pytest.mark.parametrize("sent", ["part of the body", "the whole request"])
def test_clients_that_go_away_leave_nothing_behind(scorer, frame, sent):
    body = json.dumps(support.split(frame)).encode()
    head = f"POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", scorer.port), timeout=10) as client:
            client.sendall(head.encode() + (body if sent == "the whole request" else body[: len(body) // 2]))
    support.wait_until(lambda: scorer.metric("cyclops_inflight_requests") == 0)
    assert scorer.invoke(frame).status_code == 200
