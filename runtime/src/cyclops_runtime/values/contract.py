"""The contract of a model's values: what each of its columns holds, and which words stand for true, false and missing.

Training writes it into the model's metadata (`metadata["cyclops"]`): `columns` has one entry a feature, with its logical type
(`source`) and the form that the model gets (`type`); `values` has the words and the id column. Batch, scorer, labels and monitor
read by it. A model without it, from elsewhere or from before there was one, is read by its signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
INTEGER, NUMBER, STRING, BOOLEAN, DATETIME = "integer", "number", "string", "boolean", "datetime"
# What a message says that a column holds.
EXPECTED = {
    INTEGER: "an integer",
    NUMBER: "a number",
    STRING: "a text",
    BOOLEAN: "true or false",
    DATETIME: "a time in ISO 8601, or in seconds since 1970",
}
# The forms of features. A boolean column with gaps is a number of 0, 1 and NaN; a moment is seconds since 1970.
AS_NUMBER, AS_FLAG, AS_CATEGORY = "number", "flag", "category"


@dataclass(frozen=True)
class Words:
    """Words for true, false and missing, in lower case: a value is compared without its case and the blanks around it.

    Marks of a missing value count in numbers, truths and moments alone: in a column of texts `NA` is Namibia, and only a blank is
    missing. The marks are pandas' own (`pandas.read_csv`, `na_values`), with those of R, SAS, Hive and spreadsheets.
    """

    true: frozenset[str] = frozenset({"true", "yes", "1", "t", "y"})
    false: frozenset[str] = frozenset({"false", "no", "0", "f", "n"})
    missing: frozenset[str] = frozenset(
        {"na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "nat", "null", "none", "nil", "\\n", "-", "--", "?", "."}
    )

    def to_json(self) -> dict[str, list[str]]:
        """The words as sorted lists."""
        return {"true": sorted(self.true), "false": sorted(self.false), "missing": sorted(self.missing)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Words:
        """The words that `to_json` wrote."""
        return cls(*(frozenset(value[name]) for name in ("true", "false", "missing")))


WORDS = Words()


@dataclass(frozen=True)
class Column:
    """One column: its logical type, and the form in which the model gets it.

    `declared` is False where nothing but a signature says what the column holds: a number may then also be written `true`.
    """

    name: str
    type: str
    form: str
    words: Words = WORDS
    declared: bool = True


@dataclass(frozen=True)
class ValueContract:
    """How the values of one model are read; `columns` are its features by name, in the model's order."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    declared: bool = True


def values_of_training(words: Words, row_id: str | None) -> dict[str, Any]:
    """What training writes into a model beside its columns."""
    return {
        "format": FORMAT,
        **words.to_json(),
        "trimmed": True,
        "dates": "ISO 8601, or seconds since 1970; without a zone they are UTC",
        "id": row_id,
    }


def contract_of(metadata: Mapping[str, Any], signature: Any) -> ValueContract:
    """The contract that training has written into a model's metadata; else what columns and signature say.

    `signature` is the schema of the model's input, MLflow's or `stored_model.Schema`, or None.
    """
    values = metadata.get("values") or {}
    columns = metadata.get("columns") or []
    if columns and all(isinstance(column, Mapping) and {"name", "type", "source"} <= set(column) for column in columns):
        # Models from before the words were written knew the types, and the same words.
        words = Words.from_json(values) if values.get("format") == FORMAT else WORDS
        return ValueContract(
            {column["name"]: Column(column["name"], column["source"], column["type"], words) for column in columns},
            declared=values.get("format") == FORMAT,
        )
    return ValueContract(_columns_of(signature), declared=False)


def _columns_of(signature: Any) -> dict[str, Column]:
    """Columns whose type in the signature says how to read them; integers and dates of foreign models are MLflow's to convert."""
    kinds = {
        "double": (NUMBER, AS_NUMBER),
        "float": (NUMBER, AS_NUMBER),
        "string": (STRING, AS_CATEGORY),
        "boolean": (BOOLEAN, AS_FLAG),
    }
    if signature is None or not signature.has_input_names():
        return {}
    found = {column.name: kinds.get(getattr(column.type, "name", "")) for column in signature.inputs}
    return {name: Column(name, *kind, declared=False) for name, kind in found.items() if kind is not None}
