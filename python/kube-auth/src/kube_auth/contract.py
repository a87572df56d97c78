"""What a service asks of its callers, read from its OpenAPI contract.

`info.x-kubernetes-authorization` holds apiGroup, resource, resourceName, verbs
(HTTP method to verb) and exempt (exact paths that need no token).
"""

from collections.abc import Mapping
from dataclasses import dataclass
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

    def attributes(self, method: str) -> dict[str, str] | None:
        """Resource attributes for an HTTP method; None when it has no verb."""
        verb = self.verbs.get(method)
        if verb is None:
            return None
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
        return Authorization(
            namespace=namespace,
            group=section["apiGroup"],
            resource=section["resource"],
            name=section["resourceName"],
            verbs=dict(section["verbs"]),
            exempt=frozenset(section["exempt"]),
        )
    except OSError as error:
        raise ContractError(f"{contract}: cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ContractError(f"{contract}: info.{KEY} lacks or misspells {error}") from error
