"""The KPI monitor: what the model sees and says now, against what it was trained on and what it costs."""
