"""How well a workflow fits a search: a base score, boosts and penalties by labels."""

from collections.abc import Mapping
from dataclasses import dataclass

from datastorage.models._generated import DetectedLabels, SearchFilters

BASE = 5.0
BOOSTS = {
    "gitOpsManaged": 0.10,
    "gitOpsTool": 0.10,
    "pdbProtected": 0.05,
    "serviceMesh": 0.05,
    "networkIsolated": 0.03,
    "helmManaged": 0.02,
    "stateful": 0.02,
    "hpaEnabled": 0.02,
}
PENALTIES = {"gitOpsManaged": 0.10, "gitOpsTool": 0.10}
CUSTOM_BOOST = 0.05


@dataclass(frozen=True)
class Score:
    """The parts of a score; `final` is between 0 and 1."""

    boost: float
    penalty: float

    @property
    def final(self) -> float:
        """The score that orders the matches; 0.5 when no optional label is given."""
        return min(1.0, max(0.0, round((BASE + self.boost - self.penalty) / 10, 6)))


# Of every match of a search that names no optional label.
PLAIN = Score(0.0, 0.0)


def score(
    filters: SearchFilters, detected: DetectedLabels | None, custom: Mapping[str, list[str]]
) -> Score:
    """The score of a workflow with these labels that already matches the mandatory ones."""
    boost, penalty = _detected(filters.detected_labels, detected)
    boost += _custom(filters.custom_labels or {}, custom)
    return Score(round(boost, 6), round(penalty, 6))


def _detected(wanted: DetectedLabels | None, given: DetectedLabels | None) -> tuple[float, float]:
    boost = penalty = 0.0
    if wanted is None or given is None:
        return boost, penalty
    unknown = set(wanted.failed_detections or ())
    for name, weight in BOOSTS.items():
        want, have = getattr(wanted, name), getattr(given, name)
        if name in unknown or want is None or have is None:
            continue
        if want == "*":
            boost += weight / 2
        elif want == have or have == "*":
            boost += weight if want is not False else 0.0
        else:
            penalty += PENALTIES.get(name, 0.0)
    return boost, penalty


def _custom(wanted: Mapping[str, list[str]], given: Mapping[str, list[str]]) -> float:
    boost = 0.0
    for name, values in wanted.items():
        have = given.get(name, [])
        for value in values:
            if value in have:
                boost += CUSTOM_BOOST
            elif "*" in have:
                boost += CUSTOM_BOOST / 2
    return boost
