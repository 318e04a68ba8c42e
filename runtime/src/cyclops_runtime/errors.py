"""Failures that a command answers with one clear sentence and an exit code of the runtime contract."""


class RuntimeFailure(Exception):
    """Any failure the user can act on; its text is the sentence that is printed.

    Raised `from` what the network or a server did, it may pass, and the command ends with another code (`failures`).
    """

    exit_code = 1


class InputError(RuntimeFailure):
    """The input or the configuration is wrong: the text names the place and the mend."""

    exit_code = 1


class GateRefused(RuntimeFailure):
    """The new version is not good enough, or may not be judged."""

    exit_code = 3


class RolledBack(RuntimeFailure):
    """The rollout took the new version away again."""

    exit_code = 4
