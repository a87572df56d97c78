"""How well a workflow fits a search: a base score, boosts and penalties by labels."""

from dataclasses import dataclass

from datastorage.models._generated import DetectedLabels, RemediationWorkflow, SearchFilters

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
        return round((BASE + self.boost - self.penalty) / 10, 6)


def score(workflow: RemediationWorkflow, filters: SearchFilters) -> Score:
    """The score of a workflow that already matches the mandatory labels."""
    boost, penalty = _detected(filters.detected_labels, workflow.detected_labels)
    boost += _custom(filters.custom_labels or {}, workflow.custom_labels or {})
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


def _custom(wanted: dict[str, list[str]], given: dict[str, list[str]]) -> float:
    boost = 0.0
    for name, values in wanted.items():
        have = given.get(name, [])
        for value in values:
            if value in have:
                boost += CUSTOM_BOOST
            elif "*" in have:
                boost += CUSTOM_BOOST / 2
    return boost
