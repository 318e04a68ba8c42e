"""Writes `fixtures/iam-actions.json`: the actions and resources that AWS has in the services that policies of this package name.

They are cfn-lint's (MIT-0, https://github.com/aws-cloudformation/cfn-lint), which takes them from AWS's service authorization reference.
Run it where that package is installed: `uvx --with cfn-lint==1.58.0 python packages/aws/test/support/update_iam_actions.py`.
"""

import json
from importlib.metadata import version
from pathlib import Path

import cfnlint.data.AdditionalSpecs

SERVICES = (
    "application-autoscaling",
    "budgets",
    "cloudtrail",
    "cloudwatch",
    "ec2",
    "ecr",
    "elasticfilesystem",
    "events",
    "iam",
    "kms",
    "logs",
    "s3",
    "sagemaker",
    "sagemaker-mlflow",
    "scheduler",
    "secretsmanager",
    "servicequotas",
    "sns",
    "states",
    "sts",
    "tag",
)


def main() -> None:
    """One service a line, so that a change of one is seen."""
    folder = Path(cfnlint.data.AdditionalSpecs.__file__).parent
    every = json.loads((folder / "Policies.json").read_text(encoding="utf-8"))
    services = {
        name: {
            "actions": {action: facts.get("Resources", []) for action, facts in sorted(every[name]["Actions"].items())},
            "resources": {kind.lower(): facts["ARNFormats"] for kind, facts in sorted(every[name].get("Resources", {}).items())},
        }
        for name in SERVICES
        if name in every
    }
    lines = [f"    {json.dumps(name)}: {json.dumps(facts, separators=(',', ':'))}" for name, facts in services.items()]
    source = json.dumps(f"cfn-lint {version('cfn-lint')}")
    text = '{\n  "source": ' + source + ',\n  "services": {\n' + ",\n".join(lines) + "\n  }\n}\n"
    (Path(__file__).parents[1] / "fixtures/iam-actions.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
