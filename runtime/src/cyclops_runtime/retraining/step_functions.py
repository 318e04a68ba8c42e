"""Starts a training on AWS Step Functions: an execution of the training's state machine, with the reason as its input.

The role needs `states:StartExecution`, `states:ListExecutions` on the machine and `states:DescribeExecution` on its executions.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from cyclops_runtime.document import StepFunctionsOrchestration
from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.retraining.launcher import Request, TrainingRun

# Rules of EventBridge know by it which trainings nobody has started by hand.
PREFIX = "retrain-"
# Of the runs that a trigger has started, the newest are enough to know the last one and the own one.
_MOST_TRIGGERED = 10
Answer = TypeVar("Answer")


class StepFunctionsLauncher:
    """Executions of one state machine; `client` stands in for boto3's."""

    def __init__(self, orchestration: StepFunctionsOrchestration, client: Any = None) -> None:
        self._arn = orchestration.state_machine
        self.template = f"{PREFIX}{self._arn.rpartition(':')[2]}"
        self._client = client or _client(self._arn.split(":")[3])

    def runs(self) -> list[TrainingRun]:
        """Running executions, whoever started them, and the newest that a trigger has started."""
        active = self._list(statusFilter="RUNNING")
        # Executions of all kinds, the newest first; one page holds a thousand.
        recent = [e for e in self._list(maxResults=1000) if e["name"].startswith(PREFIX)][:_MOST_TRIGGERED]
        found = {execution["executionArn"]: execution for execution in [*active, *recent]}
        return [self._described(arn) if e["name"].startswith(PREFIX) else _run_of(e, {}) for arn, e in found.items()]

    def start(self, request: Request) -> TrainingRun:
        """Starts the execution; where there is one of that name, also one that has ended, answers that."""
        reasons = {
            "trigger": request.trigger,
            "reason": request.reason,
            "report": request.report,
            "kpi": request.kpi,
            "value": request.value,
            "champion": request.champion,
        }
        try:
            answer = self._call(
                "start an execution of",
                lambda: self._client.start_execution(
                    stateMachineArn=self._arn,
                    name=request.name,
                    input=json.dumps({key: value for key, value in reasons.items() if value is not None}, sort_keys=True),
                ),
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return self._described(f"{self._arn.replace(':stateMachine:', ':execution:')}:{request.name}")
        return self._described(answer["executionArn"])

    def _list(self, **options: Any) -> list[dict[str, Any]]:
        answer = self._call("list executions of", lambda: self._client.list_executions(stateMachineArn=self._arn, **options))
        return answer["executions"]

    def _described(self, arn: str) -> TrainingRun:
        execution = self._call("describe executions of", lambda: self._client.describe_execution(executionArn=arn))
        return _run_of(execution, json.loads(execution.get("input") or "{}"))

    def _call(self, action: str, call: Callable[[], Answer]) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return call()
        except self._client.exceptions.ExecutionAlreadyExists:
            raise
        except (BotoCoreError, ClientError) as error:
            raise RuntimeFailure(f"cannot {action} {self._arn}: {' '.join(str(error).split())}") from error


def _run_of(execution: dict[str, Any], reasons: dict[str, Any]) -> TrainingRun:
    return TrainingRun(
        execution["name"],
        execution["startDate"],
        execution["status"] == "RUNNING",
        reasons.get("trigger"),
        reasons.get("report"),
    )


def _client(region: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client("stepfunctions", region_name=region, config=Config(retries={"mode": "standard", "total_max_attempts": 5}))
