"""What the warm parent and `cyclops dev` say to each other, and the pipes between the parent and its children.

Requests: `{"id": 1, "arguments": ["train", …], "folder": "/…", "environment": {…}}`, one line of JSON each.
Answers: `{"hello": 1}` before anything is imported, `{"ready": true}` after; of a request `{"id": 1, "pid": 4711}`, or `refused`
with the reason; its output as `stdout` or `stderr` in base64; and when it has ended and its pipes are closed, `code` or `signal`.
"""

from __future__ import annotations

import base64
import json
import os
import select
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_CHUNK = 64 * 1024


class Closed(Exception):
    """Nobody is there any more to be served."""


@dataclass(frozen=True)
class Request:
    """One step to run."""

    number: int
    arguments: list[str]
    folder: str
    environment: dict[str, str]

    @classmethod
    def of(cls, line: bytes) -> Request:
        """Reads a line."""
        fields = json.loads(line)
        return cls(fields["id"], fields["arguments"], fields["folder"], fields["environment"])


class Pipes:
    """The way to `cyclops dev` and back; wakes up when a child writes or ends."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests, self._answers = requests, answers
        self._received = b""
        # A signal interrupts no wait of Python's, but it can write a byte to a pipe that is waited for.
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._waker, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    @classmethod
    def take_over(cls) -> Pipes:
        """Keeps stdin and stdout for requests and answers: what libraries print goes to stderr, and they read nothing."""
        requests, answers = os.dup(0), os.dup(1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        return cls(requests, answers)

    def wait(self, children: Iterable[Child]) -> list[Request]:
        """Waits for requests, output or an end, and returns the requests. Raises Closed."""
        outputs = [descriptor for child in children for descriptor in child.open_descriptors]
        # Not `select.select`: it knows no descriptor above 1023.
        poll = select.poll()
        for descriptor in (self._requests, self._woken, *outputs):
            poll.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        if self._woken in ready:
            os.read(self._woken, _CHUNK)
        if self._requests not in ready:
            return []
        data = os.read(self._requests, _CHUNK)
        if not data:
            raise Closed
        *lines, self._received = (self._received + data).split(b"\n")
        return [Request.of(line) for line in lines if line.strip()]

    def tell(self, answer: dict[str, Any]) -> None:
        """Writes one answer. Raises Closed."""
        data = json.dumps(answer).encode() + b"\n"
        try:
            while data:
                data = data[os.write(self._answers, data) :]
        except BrokenPipeError:
            raise Closed from None

    def tell_output(self, number: int, stream: str, data: bytes) -> None:
        """Hands on what a child has written."""
        self.tell({"id": number, stream: base64.b64encode(data).decode()})

    def close(self) -> None:
        """In a child: lets go of everything."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in (self._requests, self._answers, self._woken, self._waker):
            os.close(descriptor)


class Child:
    """One child with the reading ends of its output; until it is forked, with both ends."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._streams: dict[int, str] = {}
        self._writing: list[int] = []
        for stream in ("stdout", "stderr"):
            reading, writing = os.pipe()
            self._streams[reading] = stream
            self._writing.append(writing)
        self._pid = 0
        self._status: int | None = None

    @property
    def open_descriptors(self) -> list[int]:
        """Where output may still come from."""
        return list(self._streams)

    def begin(self, pid: int) -> None:
        """In the parent, after the fork."""
        self._pid = pid
        _lead_group(pid)
        for descriptor in self._writing:
            os.close(descriptor)
        for descriptor in self._streams:
            os.set_blocking(descriptor, False)

    def become(self) -> None:
        """In the child: a process group of its own, stdout and stderr to the pipes."""
        _lead_group(0)
        for target, descriptor in zip((1, 2), self._writing, strict=True):
            os.dup2(descriptor, target)
        self.close()

    def close(self) -> None:
        """Lets go of the pipes."""
        for descriptor in self._streams:
            os.close(descriptor)
        if self._pid == 0:
            for descriptor in self._writing:
                os.close(descriptor)

    def read(self) -> list[tuple[str, bytes]]:
        """Output that is there."""
        found = []
        for descriptor, stream in list(self._streams.items()):
            try:
                data = os.read(descriptor, _CHUNK)
            except BlockingIOError:
                continue
            if data:
                found.append((stream, data))
            else:
                os.close(descriptor)
                del self._streams[descriptor]
        return found

    def lives(self) -> bool:
        """Whether the process has not ended yet."""
        if self._status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is None

    def ending(self) -> dict[str, Any] | None:
        """Exit code or signal; None while the process lives, or another one has its pipes."""
        if self.lives() or self._streams or self._status is None:
            return None
        if os.WIFSIGNALED(self._status):
            return {"signal": signal.Signals(os.WTERMSIG(self._status)).name}
        return {"code": os.WEXITSTATUS(self._status)}

    def signal(self, number: signal.Signals) -> None:
        """To all processes of the group; also those that the child has left behind."""
        try:
            os.killpg(self._pid, number)
        except (ProcessLookupError, PermissionError):  # macOS says the second one of processes that have ended
            return


def _lead_group(pid: int) -> None:
    """Parent and child both do it, so that the group is there whichever of them goes on first."""
    try:
        os.setpgid(pid, pid)
    except OSError:  # it has ended, or the other one was faster
        return
