"""Generated from api/holmesgpt-api.yaml by make generate; do not edit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType


class Problem(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    request_id: str | None = None
    field_errors: dict[str, str] | None = None


class Health(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    status: str
    service: str | None = None
    reasons: Annotated[list[str] | None, Field(description='Why it is degraded.')] = (
        None
    )


class Llm(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    provider: str
    model: str
    endpoint: str


class DataStorage(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    url: str
    timeout_seconds: float


class Config(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    llm: Llm
    data_storage: DataStorage
    request_deadline_seconds: float
    max_attempts: int


Severity = TypeAliasType("Severity", Literal['critical', 'high', 'medium', 'low', 'unknown'])


HumanReviewReason = TypeAliasType("HumanReviewReason", Literal['workflow_not_found', 'image_mismatch', 'parameter_validation_failed', 'no_matching_workflows', 'low_confidence', 'llm_parsing_error', 'investigation_inconclusive', 'rca_incomplete'])


class Owner(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    kind: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    namespace: str | None = None


class EnrichmentResults(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    kubernetesContext: dict[str, Any] | None = None
    detectedLabels: dict[str, Any] | None = None
    ownerChain: list[Owner] | None = None
    customLabels: dict[str, list[str]] | None = None
    enrichmentQuality: Annotated[float | None, Field(ge=0.0, le=1.0)] = None


class IncidentRequest(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    incident_id: Annotated[
        str,
        Field(
            max_length=255,
            min_length=1,
            pattern='^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$',
        ),
    ]
    remediation_id: Annotated[
        str,
        Field(
            max_length=255,
            min_length=1,
            pattern='^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$',
        ),
    ]
    signal_type: Annotated[
        str,
        Field(
            max_length=255,
            min_length=1,
            pattern='^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$',
        ),
    ]
    severity: Severity
    signal_source: str
    resource_namespace: str
    resource_kind: str
    resource_name: str
    error_message: Annotated[str, Field(max_length=65536)]
    environment: str
    priority: str
    risk_tolerance: str
    business_category: str
    cluster_name: str
    description: Annotated[str | None, Field(max_length=65536)] = None
    is_duplicate: bool | None = None
    occurrence_count: Annotated[int | None, Field(ge=0)] = None
    deduplication_window_minutes: Annotated[int | None, Field(ge=0)] = None
    is_storm: bool | None = None
    storm_signal_count: Annotated[int | None, Field(ge=0)] = None
    storm_window_minutes: Annotated[int | None, Field(ge=0)] = None
    storm_type: str | None = None
    affected_resources: list[str] | None = None
    firing_time: str | None = None
    received_time: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    signal_labels: dict[str, str] | None = None
    enrichment_results: EnrichmentResults | None = None


class AffectedResource(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    kind: str
    name: str
    namespace: str | None = None


class RootCauseAnalysis(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    summary: str
    severity: str
    signal_type: str | None = None
    contributing_factors: list[str]
    affectedResource: AffectedResource | None = None


class SelectedWorkflow(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: str
    title: str | None = None
    version: str | None = None
    container_image: str | None = None
    container_digest: str | None = None
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    rationale: str
    parameters: dict[str, Any]


class AlternativeWorkflow(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: str
    container_image: str | None = None
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    rationale: str


class ValidationAttempt(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    attempt: Annotated[int, Field(ge=1)]
    workflow_id: str | None = None
    is_valid: bool
    errors: list[str]
    timestamp: AwareDatetime


class IncidentResponse(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    incident_id: str
    analysis: str
    timestamp: AwareDatetime
    root_cause_analysis: RootCauseAnalysis
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    selected_workflow: SelectedWorkflow | None = None
    needs_human_review: bool
    human_review_reason: HumanReviewReason | None = None
    target_in_owner_chain: bool
    warnings: list[str]
    alternative_workflows: list[AlternativeWorkflow]
    validation_attempts_history: list[ValidationAttempt]


class OriginalRca(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    summary: str
    signal_type: str
    severity: str
    contributing_factors: list[str] | None = None


class PreviousWorkflow(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: str
    version: str | None = None
    container_image: str | None = None
    parameters: dict[str, str] | None = None
    rationale: str | None = None


class PreviousFailure(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    failed_step_index: Annotated[int | None, Field(ge=0)] = None
    failed_step_name: str | None = None
    reason: str
    message: str
    exit_code: int | None = None
    failed_at: str | None = None
    execution_time: str | None = None


class PreviousExecution(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_execution_ref: str
    original_rca: OriginalRca
    selected_workflow: PreviousWorkflow
    failure: PreviousFailure
    natural_language_summary: str | None = None


class RecoveryRequest(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    incident_id: Annotated[
        str,
        Field(
            max_length=255,
            min_length=1,
            pattern='^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$',
        ),
    ]
    remediation_id: Annotated[
        str,
        Field(
            max_length=255,
            min_length=1,
            pattern='^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$',
        ),
    ]
    is_recovery_attempt: bool = False
    recovery_attempt_number: Annotated[
        int | None,
        Field(description='1 to 3, required when is_recovery_attempt is true.', ge=1),
    ] = None
    environment: str = 'unknown'
    priority: str = 'P2'
    risk_tolerance: str = 'medium'
    business_category: str = 'standard'
    signal_type: Annotated[
        str | None,
        Field(
            max_length=255,
            min_length=1,
            pattern='^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$',
        ),
    ] = None
    severity: Severity | None = None
    resource_namespace: str | None = None
    resource_kind: str | None = None
    resource_name: str | None = None
    error_message: Annotated[str | None, Field(max_length=65536)] = None
    cluster_name: str | None = None
    signal_source: str | None = None
    enrichment_results: EnrichmentResults | None = None
    previous_execution: PreviousExecution | None = None


class RecoveryStrategy(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    action_type: str
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    rationale: str
    estimated_risk: Literal['low', 'medium', 'high']
    prerequisites: list[str]


class PreviousAttemptAssessment(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    failure_understood: bool
    failure_reason_analysis: str
    state_changed: bool
    current_signal_type: str | None = None


class RecoveryAnalysis(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    previous_attempt_assessment: PreviousAttemptAssessment


class RecoveryResponse(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    incident_id: str
    can_recover: bool
    analysis_confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    strategies: list[RecoveryStrategy]
    primary_recommendation: str | None = None
    warnings: list[str]
    metadata: dict[str, Any]
    selected_workflow: SelectedWorkflow | None = None
    recovery_analysis: RecoveryAnalysis | None = None
    needs_human_review: bool
    human_review_reason: HumanReviewReason | None = None
    alternative_workflows: list[AlternativeWorkflow]
