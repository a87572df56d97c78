"""What a service asks of its callers, read from its OpenAPI contract.

`info.x-kubernetes-authorization` holds apiGroup, resource, resourceName, verbs
(HTTP method to verb) and exempt (exact paths that need no token).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from kube_auth.errors import ContractError

KEY = "x-kubernetes-authorization"


@dataclass(frozen=True)
class Authorization:
    """The resource attributes that a SubjectAccessReview names."""

    namespace: str
    resource: str
    name: str
    verbs: Mapping[str, str]
    exempt: frozenset[str]
    group: str = ""

    def attributes(self, method: str) -> Mapping[str, str] | None:
        """Resource attributes for an HTTP method; None when it has no verb."""
        return self._by_method.get(method)

    def texts(self) -> Iterable[object]:
        """Every value that stands in a review."""
        return (self.group, self.resource, self.name, *self.verbs, *self.verbs.values())

    @cached_property
    def _by_method(self) -> dict[str, Mapping[str, str]]:
        return {method: self._attributes(verb) for method, verb in self.verbs.items()}

    def _attributes(self, verb: str) -> Mapping[str, str]:
        return {
            "namespace": self.namespace,
            "group": self.group,
            "resource": self.resource,
            "name": self.name,
            "verb": verb,
        }


def load_authorization(contract: Path, namespace: str) -> Authorization:
    """Read a contract file. Raises ContractError naming the file and the field."""
    try:
        document: Any = yaml.safe_load(contract.read_text())
        section = document["info"][KEY]
        authorization = Authorization(
            namespace=namespace,
            group=section["apiGroup"],
            resource=section["resource"],
            name=section["resourceName"],
            verbs=dict(section["verbs"]),
            exempt=_exempt(section["exempt"]),
        )
    except OSError as error:
        raise ContractError(f"{contract}: cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ContractError(f"{contract}: info.{KEY} lacks or misspells {error}") from error
    if not all(isinstance(text, str) for text in authorization.texts()):
        raise ContractError(f"{contract}: info.{KEY} has a value that is no text")
    return authorization


def _exempt(paths: Any) -> frozenset[str]:
    # Of a string each letter would be a path, and a pattern would match nothing.
    if not isinstance(paths, list):
        raise TypeError("exempt, which is a list of paths")
    for path in paths:
        if not isinstance(path, str) or not path.startswith("/") or "*" in path:
            raise ValueError(f"exempt: {path!r} is no exact path")
    return frozenset(paths)
