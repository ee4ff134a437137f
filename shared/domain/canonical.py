"""Canonical JSON: equal values give equal bytes, and so equal SHA-256 hashes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: Json) -> bytes:
    """
    *value* in the form of RFC 8785 (JCS), in UTF-8.

    Our values have no fractions and our names are ASCII, so sorting by code point and leaving out
    white space is enough; a test compares with a full implementation.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def parsed(text: str | bytes) -> Json:
    """
    The value of a JSON text that somebody else may have written.

    Raises:
        ValueError: It is none, or is nested deeper than can be read: alone, `json` raises a
            RecursionError then, which is no ValueError.
    """
    try:
        value: Json = json.loads(text)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error
    return value


def sha256(data: bytes) -> str:
    """The SHA-256 of *data* in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def moment(at: datetime) -> str:
    """A moment in UTC, to the microsecond."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def without_absent(fields: Mapping[str, Json]) -> dict[str, Json]:
    """*fields* without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}


def as_json(value: object) -> Json:
    """
    A domain value as JSON: names in camelCase, moments in UTC, fields that are None left out; the
    parts of a tuple are named by their numbers.

    The names follow today's attributes. So it serves only what is never computed again: the field
    changes in an audit entry. What is signed or compared is spelled out (decision 0026).

    Raises:
        TypeError: A value has no canonical form.
    """
    if is_dataclass(value):
        parts = {_camel(field.name): getattr(value, field.name) for field in fields(value)}
        return {name: as_json(part) for name, part in parts.items() if part is not None}
    if isinstance(value, tuple):
        return {str(number): as_json(part) for number, part in enumerate(value)}
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def flat(value: Json, name: str = "") -> dict[str, Json]:
    """A nested object as one level of dotted names."""
    if not isinstance(value, Mapping):
        return {name: value}
    found: dict[str, Json] = {}
    for key, part in value.items():
        found |= flat(part, f"{name}.{key}" if name else key)
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
