"""What a service asks of its callers: a right for each operation, and paths that need none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kube_auth.errors import ContractError

PARAMETER = re.compile(r"\{[^{}/]+\}")
Methods = dict[str, "Operation"]


@dataclass(frozen=True)
class Operation:
    """One method of one path, and what a SubjectAccessReview names for it.

    `attributes` are resource attributes, or, when they have a `path`, non-resource
    attributes.
    """

    method: str
    path: str
    attributes: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def what(self) -> str:
        """What the right is over, for people: `create services/thing`."""
        named = self.attributes.get("path")
        if named is None:
            parts = (self.attributes.get(part) for part in ("resource", "subresource", "name"))
            named = "/".join(part for part in parts if part)
        return f"{self.attributes['verb']} {named}"


class Authorization:
    """Finds the operation of a request; what is no operation has no right.

    Paths are compared letter for letter, a parameter stands for one segment that is
    not empty, and a literal path wins over one with parameters, as in OpenAPI.
    """

    def __init__(self, operations: Iterable[Operation], exempt: Iterable[str] = ()) -> None:
        self.exempt = frozenset(exempt)
        self.operations = tuple(operations)
        self._literal: dict[str, Methods] = {}
        shapes: dict[str, Methods] = {}
        for operation in self.operations:
            path = operation.path
            known = shapes if PARAMETER.search(path) else self._literal
            _add(known.setdefault(_shape(path), {}), operation)
        # Of two shapes that fit, the one whose literal segment comes first is meant.
        ordered = sorted(shapes, key=lambda shape: [part == "{}" for part in shape.split("/")])
        # By the number of segments, which parameters do not change.
        self._templated: dict[int, list[tuple[re.Pattern[str], Methods]]] = {}
        for shape in ordered:
            same = self._templated.setdefault(shape.count("/"), [])
            same.append((_pattern(shape), shapes[shape]))

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request asks for."""
        return self._at(path).get(method)

    def methods(self, path: str) -> list[str]:
        """The methods that a path has; none for a path that is unknown."""
        return sorted(self._at(path))

    def _at(self, path: str) -> Methods:
        literal = self._literal.get(path)
        if literal is not None:
            return literal
        for pattern, methods in self._templated.get(path.count("/"), ()):
            if pattern.fullmatch(path):
                return methods
        return {}


def _shape(path: str) -> str:
    return PARAMETER.sub("{}", path)


def _pattern(shape: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, shape.split("{}"))))


def _add(methods: Methods, operation: Operation) -> None:
    same = methods.setdefault(operation.method, operation)
    if same is not operation:
        raise ContractError(f"{same} and {operation} are the same operation")
