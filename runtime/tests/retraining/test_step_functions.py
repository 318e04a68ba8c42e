"""Executions of a state machine, with botocore's own stub: it checks every call against the service's model."""

import json
from datetime import datetime, timezone

import boto3
import pytest
from botocore.stub import Stubber

from cyclops_runtime.document import StepFunctionsOrchestration
from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.retraining.launcher import Request, run_name
from cyclops_runtime.retraining.step_functions import StepFunctionsLauncher

NOW = datetime(2026, 5, 6, 12, 30, tzinfo=timezone.utc)
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:churn-dev-churn-training"
REQUEST = Request("retrain-x", "drift", "drift: feature_psi_max is 0.31", "m1", "feature_psi_max", 0.31, "3")
REASONS = {"trigger": "drift", "reason": REQUEST.reason, "report": "m1", "kpi": "feature_psi_max", "value": 0.31, "champion": "3"}


@pytest.fixture
def client():
    return boto3.client("stepfunctions", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


def arn(name):
    return f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}"


def execution(name, status="RUNNING"):
    return {"executionArn": arn(name), "stateMachineArn": MACHINE, "name": name, "status": status, "startDate": NOW}


def described(name, reasons, status="RUNNING"):
    return {**execution(name, status), "input": json.dumps(reasons)}


def launcher(client):
    return StepFunctionsLauncher(StepFunctionsOrchestration(state_machine=MACHINE), client)


def test_an_execution_gets_the_reason_as_its_input(client):
    expected = {"stateMachineArn": MACHINE, "name": "retrain-x", "input": json.dumps(REASONS, sort_keys=True)}
    with Stubber(client) as stub:
        stub.add_response("start_execution", {"executionArn": arn("retrain-x"), "startDate": NOW}, expected)
        stub.add_response("describe_execution", described("retrain-x", REASONS), {"executionArn": arn("retrain-x")})
        run = launcher(client).start(REQUEST)
    assert (run.name, run.started, run.active, run.trigger, run.report) == ("retrain-x", NOW, True, "drift", "m1")


def test_a_name_that_is_taken_answers_the_execution_that_has_it(client):
    with Stubber(client) as stub:
        stub.add_client_error("start_execution", "ExecutionAlreadyExists")
        stub.add_response(
            "describe_execution",
            described("retrain-x", {"trigger": "new-data", "report": "m0"}, "SUCCEEDED"),
            {"executionArn": arn("retrain-x")},
        )
        run = launcher(client).start(REQUEST)
    assert (run.active, run.trigger, run.report) == (False, "new-data", "m0")


def test_runs_are_the_active_ones_and_those_of_triggers(client):
    with Stubber(client) as stub:
        stub.add_response(
            "list_executions", {"executions": [execution("by-hand")]}, {"stateMachineArn": MACHINE, "statusFilter": "RUNNING"}
        )
        stub.add_response(
            "list_executions",
            {"executions": [execution("by-hand"), execution("retrain-x", "FAILED"), execution("scheduled", "SUCCEEDED")]},
            {"stateMachineArn": MACHINE, "maxResults": 1000},
        )
        stub.add_response("describe_execution", described("retrain-x", REASONS, "FAILED"), {"executionArn": arn("retrain-x")})
        runs = launcher(client).runs()
    assert [(run.name, run.active, run.trigger) for run in runs] == [("by-hand", True, None), ("retrain-x", False, "drift")]


def test_names_of_runs_say_that_nobody_has_started_them(client):
    name = run_name(launcher(client).template, None, "3")
    assert name.startswith("retrain-churn-dev-churn-training-")
    assert len(name) <= 63


def test_what_the_role_may_not_do_is_named(client):
    with Stubber(client) as stub:
        stub.add_client_error("list_executions", "AccessDeniedException", "not authorized to perform: states:ListExecutions")
        with pytest.raises(RuntimeFailure, match=r"cannot list executions of arn:aws.*states:ListExecutions"):
            launcher(client).runs()
