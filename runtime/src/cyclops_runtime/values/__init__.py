"""What a raw value means: one contract, written into each model, and the one reader of it for every place that takes values."""
