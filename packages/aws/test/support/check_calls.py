"""Holds calls of AWS services against botocore's service models; reads a JSON list on stdin, prints a list of problems.

A call is `{"place", "integration", "parameters"}`, the integration being what follows `arn:aws:states:::` in a task's resource. botocore's
own validator checks types, required fields, unknown fields and least lengths; lengths, values of enumerations and patterns are checked
here, as the services do.
"""

import json
import re
import sys
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
SERVICES = {"sfn": "stepfunctions", "states": "stepfunctions"}


@cache
def service(name: str) -> ServiceModel:
    return SESSION.get_service_model(SERVICES.get(name, name))


def operation_of(integration: str) -> tuple[str, str]:
    """Service and operation, e.g. of `sagemaker:createTrainingJob.sync` or `aws-sdk:s3:getObject`."""
    parts = integration.removeprefix("aws-sdk:").split(":")
    action = parts[1].split(".")[0]
    return parts[0], action[0].upper() + action[1:]


def natural(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Step Functions writes all fields with a capital letter, and takes an execution's input as JSON."""
    if SERVICES.get(name) != "stepfunctions":
        return parameters
    fields = {key[0].lower() + key[1:]: value for key, value in parameters.items()}
    if isinstance(fields.get("input"), dict):
        fields["input"] = json.dumps(fields["input"])
    return fields


def problems_of(value: Any, shape: Shape, place: str) -> list[str]:
    """What botocore's validator leaves to the service."""
    found: list[str] = []
    limits = shape.metadata
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, part in value.items():
            if key in shape.members:
                found += problems_of(part, shape.members[key], f"{place}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        found += longer(len(value), limits, place, "items")
        for index, part in enumerate(value):
            found += problems_of(part, shape.member, f"{place}[{index}]")
    elif shape.type_name == "map" and isinstance(value, dict):
        found += longer(len(value), limits, place, "entries")
        for key, part in value.items():
            found += problems_of(key, shape.key, f"{place} key {key}")
            found += problems_of(part, shape.value, f"{place}.{key}")
    elif isinstance(value, str):
        found += longer(len(value), limits, place, "characters")
        if limits.get("enum") and value not in limits["enum"]:
            found.append(f"{place}: {value!r} is none of {len(limits['enum'])} values")
        if "pattern" in limits and not re.fullmatch(python_pattern(limits["pattern"]), value):
            found.append(f"{place}: {value!r} does not match {limits['pattern']}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value > limits.get("max", value):
        found.append(f"{place}: {value} is above {limits['max']}")
    return found


def longer(length: int, limits: dict[str, Any], place: str, unit: str) -> list[str]:
    return [f"{place}: {length} {unit} are more than {limits['max']}"] if length > limits.get("max", length) else []


def python_pattern(pattern: str) -> str:
    """The service models' patterns are Java's: Unicode classes are written otherwise, and a repetition after the end means nothing."""
    for java, python in {r"\p{L}": "a-zA-Z", r"\p{Z}": r"\s", r"\p{N}": "0-9", r"\p{M}": "", r"\p{P}": "!-/:-@", r"\p{S}": "$+<=>^`|~"}.items():
        pattern = pattern.replace(java, python)
    return re.sub(r"\$\{\d+,\d+\}$", "", pattern)


def check(call: dict[str, Any]) -> list[str]:
    name, operation = operation_of(call["integration"])
    try:
        shape = service(name).operation_model(operation).input_shape
    except Exception as error:
        return [f"{call['place']}: {call['integration']}: {error}"]
    parameters = natural(name, call["parameters"])
    report = ParamValidator().validate(parameters, shape)
    found = report.generate_report().splitlines() if report.has_errors() else []
    found += problems_of(parameters, shape, operation)
    return [f"{call['place']}: {problem}" for problem in found]


if __name__ == "__main__":
    print(json.dumps([problem for call in json.load(sys.stdin) for problem in check(call)]))
