"""The command line. Commands import their modules only when they run: `--help` stays quick."""

import json
import os
import sys
from importlib import import_module
from typing import Any

import click

from cyclops_runtime import __version__
from cyclops_runtime.errors import RuntimeFailure
from cyclops_runtime.failures import FINAL, MAY_PASS, exit_code_of
from cyclops_runtime.last_words import leave
from cyclops_runtime.logging import configure_logging, get_logger, redact
from cyclops_runtime.parent import end_with_parent

log = get_logger(__name__)

_STEP_MODULES = {
    "ingest": ("cyclops_runtime.steps.ingest", "Take new raw files over and list them with checksums."),
    "curate": ("cyclops_runtime.steps.curate", "Coerce types, check constraints, set bad rows aside."),
    "preprocess": ("cyclops_runtime.steps.preprocess", "Split the rows into train and test features."),
    "train": ("cyclops_runtime.steps.train", "Train the model and log it to MLflow."),
    "tune": ("cyclops_runtime.steps.tune", "Search hyper-parameters, then train with the best ones."),
    "evaluate": ("cyclops_runtime.steps.evaluate", "Measure the model and the champion on the held-out rows."),
    "gate": ("cyclops_runtime.steps.gate", "Exit with 3 unless the model is good enough."),
    "register": ("cyclops_runtime.steps.register", "Make a version of the model in the registry."),
    "deploy": ("cyclops_runtime.rollout.deploy", "Roll the version out; exit with 4 after a rollback."),
    "batch": ("cyclops_runtime.steps.batch", "Score all input files with the champion."),
    "monitor": ("cyclops_runtime.monitoring.monitor", "Compute the KPIs and send them to the metric sink."),
}
_PLATFORM_MODULES = {
    "credentials": ("cyclops_runtime.platform.credentials", "Fill Kubernetes Secrets that are still empty."),
    "buckets": ("cyclops_runtime.platform.buckets", "Make buckets with versioning and lifecycle rules."),
    "users": ("cyclops_runtime.platform.users", "Make MLflow users and their permissions."),
}
_config = click.option(
    "--config", envvar="CYCLOPS_CONFIG", metavar="URI", help="Path or fsspec address of the model document. [CYCLOPS_CONFIG]"
)
_run_id = click.option("--run-id", envvar="CYCLOPS_RUN_ID", metavar="ID", help="Name of this run. [CYCLOPS_RUN_ID]")
_json = click.option("--json", "as_json", is_flag=True, help="Print the result document on stdout.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
@click.version_option(__version__, prog_name="cyclops-runtime")
@click.option(
    "--log-level",
    default="INFO",
    show_default=True,
    envvar="CYCLOPS_LOG_LEVEL",
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False),
)
def application(context: click.Context, log_level: str) -> None:
    """Steps, scorer and monitor of a CyclOps model. Exit codes: 0 done, 1 wrong input or configuration,
    2 wrong command line, 3 refused by the gate, 4 rolled back, 75 may pass by itself: start it again.
    """
    configure_logging(log_level.upper())
    # The warm parent ends when its input does, and a process that forks should have no threads.
    if context.invoked_subcommand != "warm":
        end_with_parent()


def _add_step(name: str, module: str, help_text: str) -> None:
    @application.command(name, help=help_text)
    @_config
    @_run_id
    @_json
    def step(config: str | None, run_id: str | None, as_json: bool) -> None:
        from cyclops_runtime.config import check_run_id
        from cyclops_runtime.runner import run_step

        document = _document(config)
        _finish(run_step(name, module, document, check_run_id(run_id)), as_json)


def _add_platform_command(name: str, module: str, help_text: str) -> None:
    @application.command(name, help=help_text)
    @click.option("--config", envvar="CYCLOPS_CONFIG", metavar="FILE", help="What to make. [CYCLOPS_CONFIG]")
    @_json
    def command(config: str | None, as_json: bool) -> None:
        if not config:
            raise RuntimeFailure("no configuration: give --config or set CYCLOPS_CONFIG")
        _finish(import_module(module).run(config), as_json)


for _name, (_module, _help) in _STEP_MODULES.items():
    _add_step(_name, _module, _help)
for _name, (_module, _help) in _PLATFORM_MODULES.items():
    _add_platform_command(_name, _module, _help)


@application.command(help="Answer predictions over HTTP.")
@_config
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen at.")  # noqa: S104 (a pod is reached from outside)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port to listen at.")
def serve(config: str | None, host: str, port: int) -> None:
    """Runs until it is told to stop."""
    from cyclops_runtime.document import load_scorer_document

    document = load_scorer_document(_given(config))
    import_module("cyclops_runtime.serving.server").run(document, host, port)


@application.command(help="Run JupyterLab until it is idle, then scale its StatefulSet to zero.")
@click.option("--port", default=8888, show_default=True, type=click.IntRange(0, 65535), help="Port to listen at.")
@click.option("--idle-seconds", default=3600, show_default=True, type=click.IntRange(1), help="Idle time after which it ends.")
@click.option("--directory", default=".", show_default=True, help="Folder of the notebooks.")
@click.option("--statefulset", help="StatefulSet to scale to zero after an idle end.")
@click.option("--namespace", help="Its namespace.")
def workbench(**options: Any) -> None:
    """Runs until it is idle or told to stop."""
    raise click.exceptions.Exit(import_module("cyclops_runtime.platform.workbench").run(**options))


@application.command(help="Keep a folder of Prometheus or Grafana equal to labelled ConfigMaps.")
@click.option("--namespace", required=True, help="Namespace of the ConfigMaps.")
@click.option("--label", required=True, metavar="KEY=VALUE", help="Label of the ConfigMaps.")
@click.option("--directory", required=True, help="Folder that holds nothing but their files.")
@click.option("--reload", metavar="URL", help="Address at which the server loads its files anew; without, it looks for itself.")
@click.option("--reload-secret", metavar="NAME", help="Named secret with the username and password that the server asks for.")
@click.option("--port", default=9095, show_default=True, type=click.IntRange(0, 65535), help="Port of the metrics.")
@click.option("--interval", default=15.0, show_default=True, type=click.FloatRange(1), help="Seconds between two looks.")
def rules(**options: Any) -> None:
    """Runs until it is told to stop."""
    import_module("cyclops_runtime.platform.rules").run(**options)


@application.command(help="Tell Prometheus of failed and missing runs, silent servers and full volumes.")
@click.option("--namespace", help="Namespace of the runs; without, none are looked at.")
@click.option("--server", multiple=True, metavar="NAME=ADDRESS", help="Server that shall answer: http(s)://… or postgresql://…")
@click.option(
    "--volume", multiple=True, metavar="NAME=FOLDER", help="Volume that shall not be full, by the folder it is mounted at."
)
@click.option("--host", default="0.0.0.0", show_default=True, help="Address of the metrics.")  # noqa: S104 (a pod is reached from outside)
@click.option("--port", default=9096, show_default=True, type=click.IntRange(0, 65535), help="Port of the metrics.")
@click.option("--interval", default=15.0, show_default=True, type=click.FloatRange(1), help="Seconds between two looks.")
@click.option("--looked", metavar="FILE", help="File that is written after each look, for a probe that cannot reach the port.")
def watch(**options: Any) -> None:
    """Runs until it is told to stop."""
    import_module("cyclops_runtime.platform.watch").run(**options)


@application.command(hidden=True, help="Fork steps from a process that has imported what they need; `cyclops dev` asks for it.")
def warm() -> None:
    """Runs until its stdin closes; in a forked child, ends with the code of the step."""
    raise click.exceptions.Exit(import_module("cyclops_runtime.warm").run())


def _document(config: str | None) -> Any:
    from cyclops_runtime.document import load_document

    return load_document(_given(config))


def _given(config: str | None) -> str:
    if not config:
        raise RuntimeFailure("no model document: give --config or set CYCLOPS_CONFIG")
    return config


def _finish(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, default=str))


def run_command_line(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code. Failures print one sentence; unexpected ones also their trace."""
    _spare_processors()
    try:
        # Click hands the code of an Exit back as the result; other commands return nothing.
        outcome = application.main(args=arguments, standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show(sys.stderr)
        leave(redact(error.format_message()), final=True)
        return error.exit_code
    except RuntimeFailure as failure:
        return _failed(failure, str(failure))
    except Exception as error:
        import logging

        logging.getLogger(__name__).debug("unexpected", exc_info=error)
        log.error("unexpected-failure", kind=type(error).__name__, where=_where(error))
        return _failed(error, f"{type(error).__name__}: {' '.join(str(error).split())}")


def _failed(error: Exception, sentence: str) -> int:
    """Says what failed, and whether it may pass, to whoever reads the log or the platform's own view; returns the exit code."""
    code = exit_code_of(error)
    text = redact(sentence)
    if code == MAY_PASS:
        text = f"{text.rstrip('.')}. This may pass by itself (exit code {MAY_PASS}): a pipeline tries the step again"
    print(f"error: {text}", file=sys.stderr)
    leave(text, final=code in FINAL)
    return code


def _spare_processors() -> None:
    """Has threads of OpenMP sleep while they wait for each other, unless the user says otherwise; before it is loaded.

    They spin by default. Where a container may use less than the node's processors, or others use them, those that spin hold up
    the one that works: gradient boosting on 5,634 rows then took 30 to 60 times as long.
    https://gcc.gnu.org/onlinedocs/libgomp/OMP_005fWAIT_005fPOLICY.html
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _where(error: Exception) -> str:
    """The innermost line of this package that took part, so that an unexpected failure can be found."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "cyclops_runtime" in frame.filename]
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown"
