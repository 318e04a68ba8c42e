"""What core knows of Python's packages, as files that are committed: core checks specs where there is no Python.

`.venv/bin/python tests/catalogues.py` writes them anew, from the versions of `requirements.lock`.
"""

import importlib.resources
import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "packages/core/catalogues"


def time_zones():
    """Names of time zones as the tz database spells them today, and today's name of each older one.

    A name is today's where `zone.tab` has it, the table "intended to be used by programs that need to map country codes to ...
    names" and that people choose from: Europe/Oslo is one, though its data are those of Europe/Berlin. Names without an area are
    left out: EST and Japan are kept for programs of the nineties only. https://data.iana.org/time-zones/theory.html
    """
    import tzdata

    files = importlib.resources.files("tzdata.zoneinfo")
    lines = [line.split() for line in (files / "tzdata.zi").read_text().splitlines()]
    links = {line[2]: line[1] for line in lines if line[0] == "L"}
    rows = [line.split("\t") for line in (files / "zone.tab").read_text().splitlines() if not line.startswith("#")]
    zones = {row[2] for row in rows} | {line[1] for line in lines if line[0] == "Z" and line[1].startswith("Etc/")}
    zones = zones - {"Etc/UTC"} | {"UTC"}  # one name for what every target has by default
    older = {name: "UTC" if target == "Etc/UTC" else target for name, target in links.items() if name not in zones}
    older["Etc/UTC"] = "UTC"
    missing = {target for target in older.values() if target not in zones}
    assert not missing, missing
    return {
        "version": tzdata.IANA_VERSION,
        "zones": sorted(zones),
        "older": {name: older[name] for name in sorted(older) if "/" in name},
        "withoutArea": {name: older[name] for name in sorted(older) if "/" not in name},
    }


def hyperparameters():
    """Names of the hyper-parameters of each built-in algorithm: the arguments of scikit-learn's estimators."""
    import sklearn

    from cyclops_runtime.modelling import hyperparameters_of

    kinds = {"classification": True, "regression": False}
    return {
        "scikit-learn": sklearn.__version__,
        **{
            algorithm: {kind: hyperparameters_of(algorithm, is_classification) for kind, is_classification in kinds.items()}
            for algorithm in ("linear", "random-forest", "gradient-boosting")
        },
    }


def catalogues():
    """Content of each file, by its name."""
    made = {"time-zones.json": time_zones(), "hyperparameters.json": hyperparameters()}
    return {name: json.dumps(content, indent=2) + "\n" for name, content in made.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in catalogues().items():
        (FOLDER / file).write_text(text)
