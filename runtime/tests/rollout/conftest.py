import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "serving"))
from serving_fixtures import mlflow_folder, name, saved, sqlite_registry  # noqa: F401
