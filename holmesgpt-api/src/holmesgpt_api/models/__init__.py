"""Models of the contract (generated), and by hand what its schemas cannot say."""

from typing import Any

from pydantic import ConfigDict, ValidationInfo, field_validator

from holmesgpt_api.models import _generated
from holmesgpt_api.models._generated import (
    AffectedResource,
    AlternativeWorkflow,
    Config,
    DataStorage,
    Health,
    HumanReviewReason,
    IncidentResponse,
    Llm,
    PreviousAttemptAssessment,
    RecoveryAnalysis,
    RecoveryResponse,
    RecoveryStrategy,
    RootCauseAnalysis,
    SelectedWorkflow,
    ValidationAttempt,
)

__all__ = [
    "AffectedResource",
    "AlternativeWorkflow",
    "Config",
    "DataStorage",
    "Health",
    "HumanReviewReason",
    "IncidentRequest",
    "IncidentResponse",
    "Llm",
    "PreviousAttemptAssessment",
    "RecoveryAnalysis",
    "RecoveryRequest",
    "RecoveryResponse",
    "RecoveryStrategy",
    "RootCauseAnalysis",
    "SelectedWorkflow",
    "ValidationAttempt",
]

MAX_RECOVERY_ATTEMPTS = 3
IDENTIFIERS = ("incident_id", "remediation_id", "signal_type")


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class IncidentRequest(_generated.IncidentRequest):
    """An incident to analyze; blanks around its identifiers do not count."""

    _strip = field_validator(*IDENTIFIERS, mode="before")(_stripped)


class RecoveryRequest(_generated.RecoveryRequest):
    """A failed remedy to analyze; an attempt to recover has its number."""

    model_config = ConfigDict(validate_default=True)

    _strip = field_validator(*IDENTIFIERS, mode="before")(_stripped)

    @field_validator("recovery_attempt_number")
    @classmethod
    def _is_numbered(cls, value: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("is_recovery_attempt") and not 1 <= (value or 0) <= MAX_RECOVERY_ATTEMPTS:
            raise ValueError("must be 1 to 3 for a recovery attempt")
        return value
