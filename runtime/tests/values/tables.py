"""Generated tables of every type: each cell has a meaning, and one of its spellings stands in the file."""

import datetime
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas
from hypothesis import strategies as st

TRUE, FALSE = (
    ("true", "True", "TRUE", " true ", "yes", "Y", "1", "t", "1.0"),
    ("false", "False", "FALSE", "no ", "N", "0", "f", "0.0"),
)
MARKS = ("", "NA", "NaN", "null", "None", " - ", "?", "N/A", "  ")
TEXTS = ("NA", "None", "null", "EU", " EU ", "Größe", "a,b", 'say "x"', "line\nbreak", "007", "7", "-", "?", "1e5", "x" * 300)
ZONES = ("", "Z", "+02:00", "-05:30")


@dataclass
class Column:
    """One column of a table; `values` are what it means, `texts` how CSV spells it."""

    name: str
    kind: str
    schema: dict[str, Any] | None
    values: list[Any]
    texts: list[str]


@dataclass
class Table:
    """A table with an id and a target."""

    task: str
    columns: list[Column]
    ids: list[str]
    target: Column
    positive: Any
    label_texts: list[str]
    algorithm: str
    features: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.features = [column.name for column in self.columns]

    @property
    def data(self) -> dict[str, Any]:
        """`spec.data`, but for path and format."""
        schema = {column.name: column.schema for column in [*self.columns, self.target] if column.schema}
        return {"target": self.target.name, "positive": self.positive, "id": "id", "schema": schema}

    def texts(self) -> dict[str, list[str]]:
        """The raw file as CSV has it."""
        return {
            "id": self.ids,
            **{column.name: column.texts for column in self.columns},
            self.target.name: self.target.texts,
        }

    def typed(self) -> dict[str, list[Any]]:
        """The same with the types that JSON and Parquet have."""
        return {
            "id": [int(text) if str(int(text)) == text else text for text in self.ids] if _whole(self.ids) else self.ids,
            **{column.name: column.values for column in self.columns},
            self.target.name: self.target.values,
        }


def _whole(ids: list[str]) -> bool:
    return all(text.isdigit() and str(int(text)) == text for text in ids)


NUMBERS = st.one_of(
    st.floats(-1e9, 1e9, allow_nan=False, width=64),
    st.integers(-(2**40), 2**40).map(float),
    st.decimals(-1000, 1000, places=3).map(float),
)


def spelled_number(value: float) -> st.SearchStrategy[str]:
    forms = [repr(value), f" {value!r}", f"{value:.17e}"]
    if value.is_integer():
        forms += [str(int(value)), f"{int(value)}.0", f"+{int(value)}" if value >= 0 else f"{int(value)}."]
    return st.sampled_from(forms)


MOMENTS = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1))


@st.composite
def spelled_moment(draw, moment: datetime.datetime) -> str:
    zone = draw(st.sampled_from(ZONES))
    local = moment
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[4:])
        local = moment + (1 if zone[0] == "+" else -1) * datetime.timedelta(hours=hours, minutes=minutes)
    forms = [local.isoformat(" ") + zone, local.isoformat("T") + zone]
    seconds = (moment - datetime.datetime(1970, 1, 1)).total_seconds()
    if abs(seconds) >= 1e8 and moment.microsecond == 0:
        forms.append(str(int(seconds)))
    if moment.time() == datetime.time(0):
        forms.append(moment.date().isoformat())
    return draw(st.sampled_from(forms))


@st.composite
def columns(draw, name: str, rows: int) -> Column:
    kind = draw(st.sampled_from(("number", "integer", "flag", "truth", "moment", "text", "code")))
    gaps = kind not in ("flag",) and draw(st.booleans())
    declared = draw(st.booleans())
    missing = [gaps and draw(st.integers(0, 4)) == 0 for _ in range(rows)]
    values: list[Any] = []
    texts: list[str] = []
    for is_missing in missing:
        if is_missing:
            values.append(None)
            texts.append(draw(st.sampled_from(("", "  "))) if kind in ("text", "code") else draw(st.sampled_from(MARKS)))
            continue
        if kind == "number":
            values.append(draw(NUMBERS))
            texts.append(draw(spelled_number(values[-1])))
        elif kind == "integer":
            values.append(float(draw(st.integers(-1000, 1000))))
            texts.append(draw(spelled_number(values[-1])))
        elif kind in ("flag", "truth"):
            values.append(draw(st.booleans()))
            words = TRUE if values[-1] else FALSE
            texts.append(
                draw(st.sampled_from(words if declared else words[:4])).replace("no ", "no") if declared else str(values[-1])
            )
        elif kind == "moment":
            values.append(draw(MOMENTS).replace(microsecond=draw(st.sampled_from((0, 0, 123456)))))
            texts.append(draw(spelled_moment(values[-1])))
        elif kind == "text":
            texts.append(draw(st.sampled_from(TEXTS)))
            values.append(texts[-1].strip())
        else:
            values.append(draw(st.sampled_from(("007", "0", "12", "3.50"))))
            texts.append(values[-1])
    types = {"number": "number", "integer": "integer", "flag": "boolean", "truth": "boolean", "moment": "datetime"}
    must = kind in ("moment", "code", "integer")
    schema = {"type": types.get(kind, "string"), "nullable": True} if declared or must else None
    return Column(name, kind, schema, values, texts)


# A target's class, and the spellings of it that training takes for the same.
TARGETS = {
    "truth": (None, {True: ("True", "true", "TRUE"), False: ("False", "false", " FALSE")}, (True, "True", "true")),
    "declared truth": (
        {"type": "boolean"},
        {True: TRUE, False: FALSE},
        (True, "yes", "True", "1"),
    ),
    "number": (None, {1: ("1", "1.0", "+1", "01"), 0: ("0", "0.0", "-0")}, (1, "1", "1.0", 1.0)),
    "text": (None, {"Yes": ("Yes", " Yes "), "No": ("No", "No ")}, ("Yes",)),
}


@st.composite
def tables(draw) -> Table:
    rows = draw(st.integers(20, 28))
    drawn = [draw(columns(f"c{position}", rows)) for position in range(draw(st.integers(1, 4)))]
    start = draw(st.sampled_from((1234567890123456780, 1, 9_007_199_254_740_993)))
    ids = [str(start + row) for row in range(rows)]
    if draw(st.booleans()):
        ids = [f"00{text}" for text in ids]
    if draw(st.integers(0, 3)) == 0:
        numbers = [draw(NUMBERS) for _ in range(rows)]
        target = Column("y", "number", None, numbers, [draw(spelled_number(value)) for value in numbers])
        return Table("regression", drawn, ids, target, None, [draw(spelled_number(value)) for value in numbers], "linear")
    schema, spellings, positives = TARGETS[draw(st.sampled_from(sorted(TARGETS)))]
    classes = list(spellings)
    values = [classes[row % 2] for row in range(rows)]
    texts, labels = ([draw(st.sampled_from(spellings[value])) for value in values] for _ in range(2))
    target = Column("y", "class", schema, values, texts)
    algorithm = draw(st.sampled_from(("linear", "gradient-boosting")))
    return Table("binary-classification", drawn, ids, target, draw(st.sampled_from(positives)), labels, algorithm)


def write(folder: Path, kind: str, columns: dict[str, list[Any]]) -> None:
    """Writes a table as the only file of a folder."""
    folder.mkdir(parents=True)
    frame = pandas.DataFrame({name: pandas.Series(values, dtype=object) for name, values in columns.items()})
    if kind == "csv":
        frame.to_csv(folder / "rows.csv", index=False)
    elif kind == "jsonl":
        records = frame.to_dict("records")
        (folder / "rows.jsonl").write_text("\n".join(json.dumps(record, default=str) for record in records))
    else:
        frame.to_parquet(folder / "rows.parquet", index=False)
