"""One version for the whole life of a scorer, where the platform rolls versions out: SageMaker starts replicas of a version.

The version's files are read from their place in the storage: neither the registry nor its aliases are needed to start a replica.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cyclops_runtime.errors import InputError
from cyclops_runtime.storage import copy_folder


@dataclass(frozen=True)
class PinnedVersion:
    """What a poller asks in place of the registry. `version` None: there is no version yet, the scorer is in bootstrap mode."""

    version: str | None = None
    uri: str | None = None

    @classmethod
    def from_environment(cls) -> PinnedVersion:
        """CYCLOPS_MODEL_VERSION and CYCLOPS_MODEL_URI; neither: bootstrap. InputError where one is missing."""
        version, uri = os.environ.get("CYCLOPS_MODEL_VERSION") or None, os.environ.get("CYCLOPS_MODEL_URI") or None
        if (version is None) != (uri is None):
            raise InputError(
                "CYCLOPS_MODEL_VERSION and CYCLOPS_MODEL_URI belong together: give both, or none for a scorer without a model"
            )
        return cls(version, uri)

    def champion(self) -> str | None:
        """The version that is served."""
        return self.version

    def challenger(self) -> None:
        """None: another version has replicas of its own."""

    def model_tags(self) -> dict[str, str]:
        """None: the platform keeps what it rolls out."""
        return {}

    def download(self, version: str, directory: str) -> str:
        """Copies the version's files below a local directory and returns it; InputError where there are none."""
        uri = self.uri or ""
        try:
            copy_folder(uri, directory)
        except FileNotFoundError:
            raise InputError(f"version {version}: no files at {uri}") from None
        return directory
