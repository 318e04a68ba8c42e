import json
import logging
import subprocess
import sys

import boto3
import pytest
from failure_support import refused
from samples import raw_document

from cyclops_runtime.cli import run_command_line
from cyclops_runtime.errors import InputError
from cyclops_runtime.last_words import leave
from cyclops_runtime.logging import format_event, hide
from cyclops_runtime.runner import PERSISTENCE, run_step


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


def test_what_may_pass_has_a_code_of_its_own_and_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("cyclops_runtime.last_words.TERMINATION_LOG", tmp_path / "termination-log")
    monkeypatch.setattr("cyclops_runtime.last_words.SAGEMAKER_FOLDER", tmp_path / "ml")
    (tmp_path / "termination-log").touch()
    (tmp_path / "ml").mkdir()
    for name, value in {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    with refused() as place:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{place}")
        assert run_command_line(["train", "--config", "s3://bucket/model.json", "--run-id", "r"]) == 75
    sentence = capsys.readouterr().err.strip().splitlines()[-1]
    assert sentence.startswith("error: model document s3://bucket/model.json: cannot be read: ")
    assert sentence.endswith("This may pass by itself (exit code 75): a pipeline tries the step again")
    left = sentence.replace("error: ", "[may pass] ", 1)
    for file in ("termination-log", "ml/output/message", "ml/output/failure"):
        assert (tmp_path / file).read_text() == left


def test_a_final_failure_leaves_its_sentence_too(monkeypatch, tmp_path):
    monkeypatch.setenv("CYCLOPS_LAST_WORDS", str(tmp_path / "words"))
    assert run_command_line(["train", "--config", "/nowhere.json", "--run-id", "r"]) == 1
    assert (tmp_path / "words").read_text().startswith("[final] model document /nowhere.json: no such file")
    assert run_command_line(["train", "--nonsense"]) == 2
    assert (tmp_path / "words").read_text().startswith("[final] No such option")


def test_last_words_have_room_on_every_platform_and_fail_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("CYCLOPS_LAST_WORDS", str(tmp_path / "words"))
    leave("é" * 2000, final=True)
    assert len((tmp_path / "words").read_bytes()) == 1000
    monkeypatch.setenv("CYCLOPS_LAST_WORDS", str(tmp_path / "words/below-a-file"))
    leave("x", final=True)


def test_steps_have_clients_of_aws_repeat_for_minutes(make_document, monkeypatch):
    for variable in PERSISTENCE:
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(InputError):
        run_step("gate", "cyclops_runtime.steps.gate", make_document(), "r")
    client = boto3.client("s3", region_name="eu-west-1")
    assert client.meta.config.retries == {"mode": "standard", "total_max_attempts": 16}
