"""One line an event on stderr, as `key=value` pairs."""

import json
import logging
import os
import re
import sys
import time
from typing import Any

_PLAIN = re.compile(r"^[^\s=\"]+$")
_SECRET_NAMES = re.compile(r"(PASSWORD|SECRET|TOKEN|ACCESS_KEY)", re.IGNORECASE)
# Addresses often carry their credentials: `postgresql://user:password@host/database`.
_URL_CREDENTIALS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/\s:@\"']*:[^\s@\"']+@", re.IGNORECASE)
_HIDDEN = "***"
_known_secrets: set[str] = set()


def hide(value: str) -> None:
    """Makes every later log line show `***` in place of this value (a secret that was just read)."""
    if len(value) >= 4:
        _known_secrets.add(value)


def redact(text: str) -> str:
    """The text without known secrets and without credentials inside of addresses."""
    for secret in _known_secrets | _secrets_of_environment():
        text = text.replace(secret, _HIDDEN)
    return _URL_CREDENTIALS.sub(rf"\g<scheme>{_HIDDEN}@", text)


def _secrets_of_environment() -> set[str]:
    return {
        value
        for name, value in os.environ.items()
        if len(value) >= 8
        and _SECRET_NAMES.search(name)
        # Places of secrets, such as CYCLOPS_SECRETS_DIR, are not secret and make failures readable.
        and not name.endswith(("_DIR", "_FILE", "_PATH"))
    }


def format_event(event: str, fields: dict[str, Any]) -> str:
    """`event key=value key="value with blanks"`, redacted, always a single line."""
    return redact(" ".join([event, *(f"{key}={_format_value(value)}" for key, value in fields.items())]))


def _format_value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if _PLAIN.match(text) else json.dumps(text, ensure_ascii=False)


class EventLogger:
    """Writes events: `log.info("rows-read", rows=3)`."""

    def __init__(self, name: str):
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: Any) -> None:
        """An event that only helps to find faults in the runtime itself."""
        self._logger.debug(format_event(event, fields))

    def info(self, event: str, **fields: Any) -> None:
        """An event of normal work."""
        self._logger.info(format_event(event, fields))

    def warning(self, event: str, **fields: Any) -> None:
        """Something is off, and the work goes on."""
        self._logger.warning(format_event(event, fields))

    def error(self, event: str, **fields: Any) -> None:
        """Something failed."""
        self._logger.error(format_event(event, fields))


class _LineFormatter(logging.Formatter):
    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """`time=… level=… logger=… event=…`; other libraries' messages become one line too."""
        message = record.getMessage()
        if not record.name.startswith("cyclops_runtime"):
            message = json.dumps(redact(message), ensure_ascii=False)
        moment = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        line = f"time={moment} level={record.levelname.lower()} logger={record.name} event={message}"
        if record.exc_info:
            trace = redact(self.formatException(record.exc_info))
            line += f" trace={json.dumps(trace, ensure_ascii=False)}"
        return line


def configure_logging(level: str = "INFO") -> None:
    """Sends the runtime's events from `level` on, and other libraries' warnings, to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LineFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("cyclops_runtime").setLevel(level)


def get_logger(name: str) -> EventLogger:
    """The logger of one module; call it with `__name__`."""
    return EventLogger(name)
