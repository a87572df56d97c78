"""Labels that were detected on the incident's resource."""

from collections.abc import Mapping
from typing import Any

# As callers write it, and as DataStorage does.
FAILED = ("failedDetections", "failed_detections")


def failed_detections(labels: Mapping[str, Any]) -> list[str]:
    """The labels whose detection failed: what stands there for them says nothing."""
    lists = [labels[name] for name in FAILED if isinstance(labels.get(name), list)]
    return sorted({str(label) for names in lists for label in names})


def reliable(labels: Mapping[str, Any]) -> dict[str, Any]:
    """The labels that were detected."""
    left_out = {*FAILED, *failed_detections(labels)}
    return {name: value for name, value in labels.items() if name not in left_out}
