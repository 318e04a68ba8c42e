"""The steps of the training pipeline, and batch inference."""
