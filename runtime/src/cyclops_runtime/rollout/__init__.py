"""The `deploy` step: brings a new version to the scorers, watches it, and takes it away again when it fails."""
