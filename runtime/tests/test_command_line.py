import json
import logging
import subprocess
import sys

import pytest
from samples import raw_document

from cyclops_runtime.cli import run_command_line
from cyclops_runtime.logging import format_event, hide


@pytest.fixture(autouse=True)
def _keep_logging():
    """The command line replaces the root handlers, among them pytest's."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_help_imports_no_heavy_library():
    code = (
        "import sys; from cyclops_runtime.cli import run_command_line; code = run_command_line(['--help']);"
        "print(sorted({'mlflow','pandas','numpy','sklearn','fsspec','msgspec'} & set(sys.modules)), code)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[] 0"
    assert "evaluate" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["train", "--nonsense"], 2, "No such option"),
        (["unknown"], 2, "No such command"),
        (["train"], 1, "no model document"),
        (["train", "--config", "/nowhere.json", "--run-id", "r"], 1, "no such file"),
        (["buckets"], 1, "no configuration"),
    ],
)
def test_exit_codes_and_sentences(capsys, arguments, code, sentence):
    assert run_command_line(arguments) == code
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("run_id", ["../x", "a/b", "", ".hidden", "x" * 200])
def test_run_ids_cannot_leave_their_folder(tmp_path, capsys, run_id):
    config = tmp_path / "model.json"
    config.write_text(json.dumps(raw_document(tmp_path)))
    assert run_command_line(["gate", "--config", str(config), "--run-id", run_id]) == 1
    assert "run id" in capsys.readouterr().err


def test_refusal_by_the_gate_is_exit_code_3_and_json_goes_to_stdout(tmp_path, capsys):
    config = tmp_path / "model.json"
    config.write_text(json.dumps(raw_document(tmp_path)))
    verdict = tmp_path / "models/churn/runs/r/evaluate.json"
    verdict.parent.mkdir(parents=True)
    arguments = ["gate", "--config", str(config), "--run-id", "r", "--json"]
    verdict.write_text(json.dumps({"passed": False, "reason": "roc_auc is 0.5, below 0.7"}))
    assert run_command_line(arguments) == 3
    assert "below 0.7" in capsys.readouterr().err
    verdict.write_text(json.dumps({"passed": True, "reason": "fine"}))
    assert run_command_line(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {"passed": True, "reason": "fine"}
    verdict.write_text("{}")
    assert run_command_line(arguments) == 3


def test_events_are_single_lines_of_pairs():
    assert format_event("read", {"rows": 3, "place": "a b", "share": 0.123456789}) == 'read rows=3 place="a b" share=0.123457'
    assert "\n" not in format_event("x", {"text": "two\nlines"})


def test_secrets_are_not_logged(monkeypatch):
    hide("hunter2hunter2")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "from-environment")
    line = format_event("x", {"a": "hunter2hunter2", "b": "postgresql://me:pa55@db/x", "c": "from-environment"})
    assert line == "x a=*** b=postgresql://***@db/x c=***"
