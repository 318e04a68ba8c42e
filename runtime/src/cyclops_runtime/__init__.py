"""The steps, the scorer and the KPI monitor of CyclOps stacks, run by the command `cyclops-runtime`."""

__version__ = "0.1.0"
