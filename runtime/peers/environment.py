"""Makes the environment of the peers, `runtime/.venv-peers`, from its lock; it never mixes with the runtime's own."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_LOCK = _HERE / "requirements.lock"
_ENVIRONMENT = _HERE.parent / ".venv-peers"


def peer_python() -> Path:
    """Python with what `requirements.lock` names, installed by uv where it is not yet; other processes wait meanwhile.

    Raises RuntimeError with uv's own words where the package registry does not answer.
    """
    python, stamp = _ENVIRONMENT / "bin/python", _ENVIRONMENT / ".stamp"
    wanted = hashlib.sha256(_LOCK.read_bytes() + sys.version.encode()).hexdigest()
    _ENVIRONMENT.mkdir(exist_ok=True)
    # Not `.lock`: that one is uv's own, which would wait for ours for ever.
    with (_ENVIRONMENT / ".cyclops-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            _uv("venv", "--quiet", "--allow-existing", "--python", sys.executable, str(_ENVIRONMENT))
            _uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(_LOCK))
            stamp.write_text(wanted)
    return python


def _uv(*arguments: str) -> None:
    command = [Path(sys.executable).with_name("uv"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 (nothing of it comes from outside)
    if done.returncode:
        raise RuntimeError(f"uv {' '.join(arguments[:2])} failed: {done.stderr.strip()[-2000:]}")


if __name__ == "__main__":
    print(peer_python())
