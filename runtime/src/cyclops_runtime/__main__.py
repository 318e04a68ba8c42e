"""Entry of `cyclops-runtime` and `python -m cyclops_runtime`."""

import sys


def main() -> None:
    """Runs the command line and exits with the code of the runtime contract."""
    from cyclops_runtime.cli import run_command_line

    sys.exit(run_command_line())


if __name__ == "__main__":
    main()
