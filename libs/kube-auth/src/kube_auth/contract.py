"""Reads what a service asks of its callers from its OpenAPI contract.

`info.x-kubernetes-authorization` names the object (apiGroup, resource, resourceName)
and the `exempt` paths, which need no token. The same extension of each other
operation has its `verb`, may have a `subresource` and may name another object; with
`nonResourceURL` it asks for a right over that URL instead.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kube_auth.authorization import Authorization, Operation
from kube_auth.errors import ContractError

# The same in C, where PyYAML was built with it: ten times faster on a contract.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KEY = "x-kubernetes-authorization"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OBJECT = {"apiGroup": "group", "resource": "resource", "resourceName": "name"}


def load_authorization(contract: Path, namespace: str) -> Authorization:
    """Read a contract file. Raises ContractError naming the file and the field."""
    try:
        document: Any = yaml.load(contract.read_text(), Loader=LOADER)  # noqa: S506 # a safe one
    except OSError as error:
        raise ContractError(f"{contract}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContractError(f"{contract}: is not valid YAML") from error
    try:
        return read_authorization(document, namespace)
    except ContractError as error:
        raise ContractError(f"{contract}: {error}") from None


def read_authorization(document: Any, namespace: str) -> Authorization:
    """The authorization of a contract that was read. Raises ContractError naming the field."""
    section = _mapping(_mapping(document, "", "info"), "info", KEY)
    place = f"info.{KEY}"
    named = {ours: _text(section, place, theirs) for theirs, ours in OBJECT.items()}
    exempt = _exempt(section.get("exempt"), f"{place}.exempt")
    paths = _mapping(document, "", "paths")
    operations = [
        Operation(method, path, _attributes(operation, where, named, namespace))
        for method, path, operation, where in _operations(paths)
        if not _is_exempt(operation, path, where, exempt)
    ]
    return Authorization(operations, exempt)


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    for path in paths:
        item = _mapping(paths, "paths", path)
        if "$ref" in item:
            raise ContractError(f"paths.{path}.$ref is not supported; write the path out")
        for method in METHODS:
            if method in item:
                where = f"paths.{path}"
                yield method.upper(), path, _mapping(item, where, method), f"{where}.{method}"


def _is_exempt(operation: Mapping[str, Any], path: str, where: str, exempt: frozenset[str]) -> bool:
    # What the contract tells clients and what is enforced must be the same.
    if (operation.get("security") == []) != (path in exempt):
        raise ContractError(f"{where}.security and info.{KEY}.exempt contradict each other")
    if path in exempt and KEY in operation:
        raise ContractError(f"{where}.{KEY}: the path is exempt")
    return path in exempt


def _attributes(
    operation: Mapping[str, Any], where: str, named: Mapping[str, str], namespace: str
) -> Mapping[str, str]:
    section, place = _mapping(operation, where, KEY), f"{where}.{KEY}"
    unknown = section.keys() - {*OBJECT, "verb", "subresource", "nonResourceURL"}
    if unknown:
        raise ContractError(f"{place}.{min(map(str, unknown))} is unknown")
    verb = _text(section, place, "verb")
    if "nonResourceURL" in section:
        if len(section) > 2:
            raise ContractError(f"{place}: nonResourceURL goes with a verb only")
        return {"path": _text(section, place, "nonResourceURL"), "verb": verb}
    own = {
        ours: _text(section, place, theirs) for theirs, ours in OBJECT.items() if theirs in section
    }
    attributes = {"namespace": namespace, **named, **own, "verb": verb}
    if "subresource" in section:
        attributes["subresource"] = _text(section, place, "subresource")
    return attributes


def _mapping(parent: Any, place: str, name: str) -> Mapping[str, Any]:
    value = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(value, dict):
        where = f"{place}.{name}" if place else name
        raise ContractError(f"{where} is missing or not a mapping")
    return value


def _text(section: Mapping[str, Any], place: str, name: str) -> str:
    value = section.get(name)
    # The core API group has an empty name; nothing else has.
    if not isinstance(value, str) or not (value or name == "apiGroup"):
        raise ContractError(f"{place}.{name} is missing or not a text")
    return value


def _exempt(paths: Any, place: str) -> frozenset[str]:
    # Of a string each letter would be a path, and a pattern would match nothing.
    if not isinstance(paths, list):
        raise ContractError(f"{place} is missing or not a list of paths")
    for path in paths:
        if not isinstance(path, str) or not path.startswith("/") or set(path) & set("*{}"):
            raise ContractError(f"{place}: {path!r} is not an exact path")
    return frozenset(paths)
