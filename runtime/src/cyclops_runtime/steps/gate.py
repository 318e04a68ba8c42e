"""gate: ends with exit code 3 unless the verdict of evaluate is yes."""

from typing import Any

from cyclops_runtime.document import ModelDocument
from cyclops_runtime.errors import GateRefused
from cyclops_runtime.logging import get_logger
from cyclops_runtime.storage import ZoneStore

log = get_logger(__name__)


def run(document: ModelDocument, run_id: str) -> dict[str, Any]:
    """The verdict; GateRefused with its reason where it is no."""
    verdict = ZoneStore(document).read_json(document.run_path("models", run_id, "evaluate.json"))
    if verdict.get("passed") is not True:
        raise GateRefused(f"the gate refuses the new version: {verdict.get('reason', 'evaluate.json gives no verdict')}")
    log.info("gate-passed", reason=verdict["reason"])
    return {"passed": True, "reason": verdict["reason"]}
