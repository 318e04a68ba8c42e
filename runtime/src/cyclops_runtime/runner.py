"""Runs one step: the runtime's own, the user's entrypoint, or a cached run's files in its place."""

import os
from importlib import import_module
from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.logging import get_logger

log = get_logger(__name__)

# Calls of AWS' client, and so of any S3, are repeated for about two minutes, as MLflow's are for four: a store that restarts must
# not cost an hour of training. Pauses grow up to 20 s, each a random part of that. Who sets the variables has it otherwise.
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
PERSISTENCE = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "16"}


def run_step(name: str, module_name: str, document: ModelDocument, run_id: str) -> dict[str, Any]:
    """The step's result document. Failures are those of the step."""
    for variable, value in PERSISTENCE.items():
        os.environ.setdefault(variable, value)
    module = import_module(module_name)
    step = document.step(name)
    log.info("step-started", step=name, model=document.model, run=run_id)
    plan_of = getattr(module, "plan", None)
    cache = None
    if step.cache:
        if plan_of is None:
            log.warning("cache-not-possible", step=name, reason="the step's work is not a function of its input files")
        else:
            from cyclops_runtime.caching import StepCache

            cache = StepCache(document, name, plan_of(document, run_id))
            found = cache.take_over(run_id)
            if found is not None:
                return found
    if step.entrypoint:
        from cyclops_runtime.step_context import run_entrypoint

        result = run_entrypoint(name, step.entrypoint, document, run_id)
    else:
        result = module.run(document, run_id)
    if cache is not None:
        cache.remember(run_id, result)
    log.info("step-done", step=name, model=document.model, run=run_id)
    return result
