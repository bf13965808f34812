"""The JSON Schemas of docs/spec, as far as they use the language: they judge the form of bodies and documents."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from .forms import read_date, spell

_HERE = Path(__file__).resolve().parent
# Beside the modules, where somebody put the specification there; else where it is in the repository.
_FOLDERS = (_HERE / "spec", _HERE.parents[2] / "docs" / "spec")
_FILES = {
    "agreement-1.schema.json": "agreement-1.schema.json",
    "instruction-1.schema.json": "instruction-1.schema.json",
    "ledger-1.schema.json": "ledger-1.schema.json",
    "pack-1.schema.json": "pack-1.schema.json",
    "urn:terms:1:terms": "terms-1.schema.json",
    "urn:terms:1:case": "case.schema.json",
}
OBJECT: dict[str, Any] = {"type": "object"}


class NoSpecification(Exception):
    """The schemas are not where this verifier looks for them."""


@lru_cache(maxsize=None)
def load(name: str) -> dict[str, Any]:
    for folder in _FOLDERS:
        if (folder / _FILES[name]).is_file():
            return json.loads((folder / _FILES[name]).read_bytes())
    raise NoSpecification(f"{_FILES[name]} is in none of {', '.join(map(str, _FOLDERS))}")


@lru_cache(maxsize=None)
def _pattern(text: str) -> re.Pattern[str]:
    # `$` of the schemas is the end, and not also a line end before it.
    return re.compile(text[:-1] + r"\Z" if text.endswith("$") else text)


def _is(kind: str, value: Any) -> bool:
    if kind == "integer":
        return type(value) is int
    return isinstance(value, {"object": dict, "array": list, "string": str, "boolean": bool}[kind])


class Schema:
    """A part of a schema file; `loose` are references that are judged elsewhere, and are any object here."""

    def __init__(self, file: str, pointer: str = "", loose: frozenset[str] = frozenset()) -> None:
        self._file = file
        self._loose = loose
        self._root = self._find(file, pointer)

    @staticmethod
    def _find(file: str, pointer: str) -> dict[str, Any]:
        node: Any = load(file)
        for part in pointer.split("/")[1:]:
            node = node[part]
        return node

    def holds(self, value: Any) -> bool:
        return self._holds(self._root, value, self._file)

    def _holds(self, node: Any, value: Any, file: str) -> bool:
        if isinstance(node, bool):
            return node
        if "$ref" in node and not self._refers(node["$ref"], value, file):
            return False
        if "type" in node and not _is(node["type"], value):
            return False
        if "const" in node and not (type(value) is type(node["const"]) and value == node["const"]):
            return False
        if "enum" in node and not any(type(value) is type(one) and value == one for one in node["enum"]):
            return False
        if isinstance(value, str) and not self._text(node, value):
            return False
        if type(value) is int and not node.get("minimum", value) <= value <= node.get("maximum", value):
            return False
        if isinstance(value, list) and not self._array(node, value, file):
            return False
        if isinstance(value, dict) and not self._object(node, value, file):
            return False
        return self._combined(node, value, file)

    def _refers(self, ref: str, value: Any, file: str) -> bool:
        if ref in self._loose:
            return isinstance(value, dict)
        target, _, pointer = ref.partition("#")
        return self._holds(self._find(target or file, pointer), value, target or file)

    @staticmethod
    def _text(node: dict[str, Any], value: str) -> bool:
        if not node.get("minLength", 0) <= len(value) <= node.get("maxLength", len(value)):
            return False
        if "pattern" in node and not _pattern(node["pattern"]).search(value):
            return False
        return node.get("format") != "date" or read_date(value) is not None

    def _array(self, node: dict[str, Any], value: list[Any], file: str) -> bool:
        if not node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)):
            return False
        if node.get("uniqueItems") and len({spell(one) for one in value}) != len(value):
            return False
        return "items" not in node or all(self._holds(node["items"], one, file) for one in value)

    def _object(self, node: dict[str, Any], value: dict[str, Any], file: str) -> bool:
        if not node.get("minProperties", 0) <= len(value) <= node.get("maxProperties", len(value)):
            return False
        if any(name not in value for name in node.get("required", ())):
            return False
        properties, rest = node.get("properties", {}), node.get("additionalProperties", True)
        if "propertyNames" in node and not all(self._holds(node["propertyNames"], name, file) for name in value):
            return False
        return all(self._holds(properties.get(name, rest), one, file) for name, one in value.items())

    def _combined(self, node: dict[str, Any], value: Any, file: str) -> bool:
        if "allOf" in node and not all(self._holds(one, value, file) for one in node["allOf"]):
            return False
        if "anyOf" in node and not any(self._holds(one, value, file) for one in node["anyOf"]):
            return False
        if "oneOf" in node and sum(self._holds(one, value, file) for one in node["oneOf"]) != 1:
            return False
        if "not" in node and self._holds(node["not"], value, file):
            return False
        if "if" in node:
            branch = "then" if self._holds(node["if"], value, file) else "else"
            return branch not in node or self._holds(node[branch], value, file)
        return True
