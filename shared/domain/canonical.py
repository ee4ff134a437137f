"""
One way to write a value down, so that its SHA-256 means the value and not its spelling.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical(value: Json) -> bytes:
    """
    *value* as RFC 8785 (JCS) writes it, in UTF-8.

    Our values have no fractions and our names are ASCII, so sorting by code point and leaving out
    white space is all the standard asks; a test compares with a full implementation.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sha256(data: bytes) -> str:
    """
    The SHA-256 of *data* in hexadecimal digits.
    """
    return hashlib.sha256(data).hexdigest()


def as_json(value: object) -> Json:
    """
    A domain value as JSON: names in camelCase, moments in UTC, and what is None left out.

    Raises:
        TypeError: It holds something that has no canonical form.
    """
    if is_dataclass(value):
        parts = {_camel(field.name): getattr(value, field.name) for field in fields(value)}
        return {name: as_json(part) for name, part in parts.items() if part is not None}
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | bool | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def flat(value: Json, name: str = "") -> dict[str, Json]:
    """
    An object as one level of dotted names.
    """
    if not isinstance(value, Mapping):
        return {name: value}
    found: dict[str, Json] = {}
    for key, part in value.items():
        found |= flat(part, f"{name}.{key}" if name else key)
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
