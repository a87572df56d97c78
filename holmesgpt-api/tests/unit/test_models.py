"""The models: generated from the contract, with what its schemas cannot say."""

from typing import Any, get_args

import pytest
from holmesgpt_api import models
from holmesgpt_api.models import HumanReviewReason, IncidentRequest, RecoveryRequest
from holmesgpt_api.responses import WARNINGS
from pydantic import ValidationError

from .conftest import INCIDENT  # type: ignore[import-not-found] # no package


@pytest.mark.parametrize("model", [IncidentRequest, RecoveryRequest])
def test_blanks_around_identifiers_do_not_count(model: type[IncidentRequest]) -> None:
    request = model.model_validate({**INCIDENT, "incident_id": " inc ", "error_message": " kept "})

    assert request.incident_id == "inc"
    assert request.error_message == " kept "


@pytest.mark.parametrize(
    "changes",
    [
        {"incident_id": " "},
        {"remediation_id": "x" * 256},
        {"environment": None},
        {"is_recovery_attempt": True},
        {"is_recovery_attempt": True, "recovery_attempt_number": 4},
        {"recovery_attempt_number": 0},
    ],
)
def test_a_wrong_recovery_is_refused_by_field(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        RecoveryRequest.model_validate({"incident_id": "i", "remediation_id": "r", **changes})

    (error,) = caught.value.errors()
    assert error["loc"][0] in {"recovery_attempt_number", *changes}


def test_unknown_members_are_ignored() -> None:
    request = IncidentRequest.model_validate({**INCIDENT, "newer": True})

    assert "newer" not in request.model_dump()


def test_every_review_reason_but_the_callers_has_a_warning() -> None:
    reasons = set(get_args(HumanReviewReason.__value__))

    assert reasons - WARNINGS.keys() == {"low_confidence"}


def test_what_is_public_is_listed() -> None:
    assert sorted(models.__all__) == models.__all__
    assert all(hasattr(models, name) for name in models.__all__)
