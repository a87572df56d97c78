"""Generated from api/datastorage.yaml by make generate; do not edit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


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
    differing_fields: list[str] | None = None


class Health(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    status: str
    database: str | None = None


class Labels(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    signal_type: Annotated[str, Field(min_length=1)]
    severity: Literal['critical', 'high', 'medium', 'low']
    component: Annotated[str, Field(min_length=1)]
    environment: Annotated[
        list[Literal['production', 'staging', 'development', 'test', '*']],
        Field(min_length=1),
    ]
    priority: Literal['P0', 'P1', 'P2', 'P3', '*']


class DetectedLabels(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    failed_detections: list[str] | None = None
    gitOpsManaged: bool | None = None
    gitOpsTool: Literal['argocd', 'flux', '*'] | None = None
    pdbProtected: bool | None = None
    hpaEnabled: bool | None = None
    stateful: bool | None = None
    helmManaged: bool | None = None
    networkIsolated: bool | None = None
    serviceMesh: Literal['istio', 'linkerd', '*'] | None = None


class Parameter(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    name: Annotated[str, Field(min_length=1)]
    type: Literal['string', 'integer', 'number', 'boolean']
    required: bool
    description: str
    default: str | None = None
    enum: list[str] | None = None
    pattern: Annotated[
        str | None,
        Field(
            description='A regular expression that a value must match; without look-around and back-references, so that matching takes linear time.',
            max_length=1000,
        ),
    ] = None


class Schema(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    parameters: list[Parameter]


class ParameterSchema(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    schema_: Annotated[Schema, Field(alias='schema')]


class WorkflowInput(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_name: Annotated[str, Field(max_length=255, min_length=1)]
    version: Annotated[str, Field(max_length=50, min_length=1)]
    name: Annotated[str, Field(max_length=255, min_length=1)]
    description: Annotated[str, Field(min_length=1)]
    content: Annotated[str, Field(min_length=1)]
    content_hash: Annotated[
        str, Field(description='SHA-256 of content in hex.', pattern='^[0-9a-f]{64}$')
    ]
    labels: Labels
    execution_engine: Annotated[str, Field(min_length=1)]
    status: Literal['active', 'disabled', 'deprecated', 'archived']
    owner: str | None = None
    maintainer: str | None = None
    parameters: ParameterSchema | None = None
    container_image: str | None = None
    container_digest: Annotated[str | None, Field(pattern='^sha256:[0-9a-f]{64}$')] = (
        None
    )
    custom_labels: dict[str, list[str]] | None = None
    detected_labels: DetectedLabels | None = None
    expected_success_rate: Annotated[float | None, Field(ge=0.0, le=1.0)] = None
    expected_duration_seconds: Annotated[int | None, Field(ge=0)] = None


class RemediationWorkflow(WorkflowInput):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: UUID
    is_latest_version: bool
    created_at: AwareDatetime
    updated_at: AwareDatetime
    disabled_at: AwareDatetime | None = None
    disabled_by: str | None = None
    disabled_reason: str | None = None


class WorkflowList(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflows: list[RemediationWorkflow]
    limit: int
    offset: int
    total: Annotated[
        int, Field(description='With a cursor: as it was counted for the first page.')
    ]
    next_cursor: Annotated[
        str | None, Field(description='Absent on the last page.')
    ] = None


class WorkflowBatchItem(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    outcome: Literal['created', 'existing', 'conflict', 'refused']
    workflow_id: Annotated[
        UUID | None, Field(description='Of what was created or exists.')
    ] = None
    reason: Annotated[str | None, Field(description='Why it was not stored.')] = None
    field_errors: dict[str, str] | None = None
    differing_fields: list[str] | None = None


class WorkflowVersions(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_name: str
    versions: list[RemediationWorkflow]
    total: int


class WorkflowPatch(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    status: Literal['active', 'disabled', 'deprecated', 'archived']
    disabled_by: str | None = None
    disabled_reason: str | None = None


class DisableRequest(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    reason: str | None = None
    updated_by: str | None = None


class SearchFilters(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    signal_type: Annotated[str, Field(min_length=1)]
    severity: Literal['critical', 'high', 'medium', 'low']
    component: Annotated[str, Field(min_length=1)]
    environment: Annotated[str, Field(max_length=255, min_length=1)]
    priority: Literal['P0', 'P1', 'P2', 'P3']
    custom_labels: dict[str, list[str]] | None = None
    detected_labels: DetectedLabels | None = None
    status: list[Literal['active', 'disabled', 'deprecated', 'archived']] | None = None


class SearchRequest(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    filters: SearchFilters
    remediation_id: str | None = None
    top_k: Annotated[int, Field(ge=1, le=100)] = 10
    min_score: Annotated[float, Field(ge=0.0, le=1.0)] = 0
    include_disabled: bool = False


class SearchHit(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: UUID
    title: str
    description: str
    signal_type: str
    container_image: str | None = None
    container_digest: str | None = None
    confidence: float
    label_boost: float
    label_penalty: float
    final_score: float
    rank: int
    custom_labels: dict[str, list[str]] | None = None
    detected_labels: DetectedLabels | None = None


class SearchResponse(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflows: list[SearchHit]
    total_results: int
    filters: SearchFilters


class RecordedBy(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    username: str
    credential_id: str | None = None


class AuditEventStored(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_id: UUID
    event_timestamp: AwareDatetime
    message: str


class AuditBatchItem(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_id: Annotated[
        UUID | None,
        Field(description='Absent when the item has none that can be read.'),
    ] = None
    outcome: Annotated[
        Literal['stored', 'repeated', 'conflict', 'refused'],
        Field(
            description='`stored` now, `repeated` when the same event was there, `conflict` when another event has this id, `refused` when the event is wrong. The last two never change by trying again.'
        ),
    ]
    reason: Annotated[str | None, Field(description='Why it was not stored.')] = None


class LLMRequestPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['llm_request']
    event_id: str
    incident_id: str
    model: str
    prompt_length: Annotated[int, Field(ge=0)]
    prompt_preview: str
    max_tokens: Annotated[int | None, Field(ge=0)] = None
    toolsets_enabled: list[str] | None = None
    mcp_servers: list[str] | None = None


class LLMResponsePayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['llm_response']
    event_id: str
    incident_id: str
    has_analysis: bool
    analysis_length: Annotated[int, Field(ge=0)]
    analysis_preview: str
    tokens_used: Annotated[int | None, Field(ge=0)] = None
    tool_call_count: Annotated[int | None, Field(ge=0)] = None


class LLMToolCallPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['llm_tool_call']
    event_id: str
    incident_id: str
    tool_call_index: Annotated[int, Field(ge=0)]
    tool_name: str
    tool_arguments: dict[str, Any] | None = None
    tool_result: Annotated[Any, Field(description='Whatever the tool answered.')]
    tool_result_preview: str | None = None


class WorkflowValidationPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['workflow_validation_attempt']
    event_id: str
    incident_id: str
    attempt: Annotated[int, Field(ge=1)]
    max_attempts: Annotated[int, Field(ge=1)]
    is_valid: bool
    errors: list[str] | None = None
    validation_errors: str | None = None
    workflow_id: str | None = None
    workflow_name: str | None = None
    human_review_reason: str | None = None
    is_final_attempt: bool | None = None


class AuditedRootCause(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    summary: str
    severity: str
    contributing_factors: list[str]


class AuditedWorkflow(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: str | None = None
    container_image: str | None = None
    confidence: float | None = None
    parameters: dict[str, Any] | None = None


class AuditedAlternative(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: str | None = None
    rationale: str | None = None


class AuditedQuery(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    top_k: int
    min_score: float | None = None
    filters: SearchFilters | None = None


class AuditedScore(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    confidence: float


class AuditedSearch(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    duration_ms: Annotated[int, Field(ge=0)]
    embedding_dimensions: Annotated[int, Field(ge=0)]
    embedding_model: str


class WorkflowCatalogCreatedPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['datastorage.workflow.created']
    workflow_id: UUID
    workflow_name: str
    version: str
    status: Literal['active', 'disabled', 'deprecated', 'archived']
    is_latest_version: bool
    execution_engine: str
    name: str
    description: str | None = None
    labels: dict[str, Any] | None = None


class AIAnalysisPhaseTransitionPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['aianalysis.phase.transition']
    old_phase: str
    new_phase: str


class AIAnalysisHolmesGPTCallPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['aianalysis.holmesgpt.call']
    endpoint: str
    http_status_code: int
    duration_ms: Annotated[int, Field(ge=0)]


class AIAnalysisRegoEvaluationPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['aianalysis.rego.evaluation']
    outcome: str
    degraded: bool
    duration_ms: Annotated[int, Field(ge=0)]
    reason: str


class AIAnalysisApprovalDecisionPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['aianalysis.approval.decision']
    approval_required: bool
    approval_reason: str
    auto_approved: bool
    decision: str
    reason: str
    environment: str
    confidence: float | None = None
    workflow_id: str | None = None


class ProviderResponseSummary(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    incident_id: str
    analysis_preview: str
    selected_workflow_id: str | None = None
    needs_human_review: bool
    warnings_count: Annotated[int, Field(ge=0)]


class ErrorDetails(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    message: str
    code: str
    component: str
    retry_possible: bool
    stack_trace: list[str] | None = None


class AIAnalysisErrorPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['aianalysis.error.occurred']
    phase: str
    error_message: str


class Pagination(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    limit: int
    offset: int
    total: Annotated[
        int, Field(description='With a cursor: as it was counted for the first page.')
    ]
    has_more: bool
    next_cursor: Annotated[
        str | None, Field(description='Absent on the last page.')
    ] = None


class WorkflowBatchResult(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    results: Annotated[
        list[WorkflowBatchItem],
        Field(description='One for each item, in the order of the items.'),
    ]


class AuditBatchResult(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_ids: Annotated[
        list[UUID],
        Field(
            description='Of all events that are stored, now or earlier, in the order of the items.'
        ),
    ]
    message: str
    results: Annotated[
        list[AuditBatchItem],
        Field(description='One for each item, in the order of the items.'),
    ]


class IncidentResponseData(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    incident_id: str
    analysis: str
    root_cause_analysis: AuditedRootCause
    selected_workflow: AuditedWorkflow | None = None
    confidence: Annotated[float, Field(ge=0.0, le=1.0)]
    timestamp: AwareDatetime
    needs_human_review: bool | None = None
    human_review_reason: Annotated[
        Literal['workflow_not_found', 'image_mismatch', 'parameter_validation_failed', 'no_matching_workflows', 'low_confidence', 'llm_parsing_error'] | None,
        Field(
            description='Absent when the reason is none of these; review_reason has every reason.'
        ),
    ] = None
    review_reason: str | None = None
    target_in_owner_chain: bool | None = None
    warnings: list[str] | None = None
    alternative_workflows: list[AuditedAlternative] | None = None


class AuditedHit(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    workflow_id: str
    title: str
    rank: int
    scoring: AuditedScore


class AIAnalysisAuditPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['aianalysis.analysis.completed', 'aianalysis.analysis.failed']
    analysis_name: str
    namespace: str
    phase: Literal['Pending', 'Analyzing', 'Completed', 'Failed']
    approval_required: bool
    approval_reason: str | None = None
    degraded_mode: bool
    warnings_count: Annotated[int, Field(ge=0)]
    confidence: float | None = None
    workflow_id: str | None = None
    target_in_owner_chain: bool | None = None
    reason: str | None = None
    sub_reason: str | None = None
    provider_response_summary: ProviderResponseSummary | None = None
    error_details: ErrorDetails | None = None


class HolmesGPTResponsePayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['holmesgpt.response.complete']
    event_id: str
    incident_id: str
    response_data: IncidentResponseData


class AuditedResults(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    total_found: int
    returned: int
    workflows: list[AuditedHit]


class WorkflowSearchAuditPayload(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_type: Literal['workflow.catalog.search_completed']
    query: AuditedQuery
    results: AuditedResults
    search_metadata: AuditedSearch


class AuditEventInput(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_id: Annotated[
        UUID | None,
        Field(
            description='A UUID version 7 that the client makes before its first attempt.'
        ),
    ] = None
    version: Annotated[str, Field(max_length=20, min_length=1)]
    event_type: Literal['llm_request', 'llm_response', 'llm_tool_call', 'workflow_validation_attempt', 'holmesgpt.response.complete', 'workflow.catalog.search_completed', 'datastorage.workflow.created', 'aianalysis.phase.transition', 'aianalysis.holmesgpt.call', 'aianalysis.rego.evaluation', 'aianalysis.approval.decision', 'aianalysis.analysis.completed', 'aianalysis.analysis.failed', 'aianalysis.error.occurred']
    event_timestamp: Annotated[
        AwareDatetime,
        Field(
            description="At most 60 minutes ahead of the service's clock; as late as it may be."
        ),
    ]
    event_category: Literal['gateway', 'notification', 'analysis', 'aiagent', 'signalprocessing', 'workflow', 'workflowexecution', 'orchestration', 'webhook']
    event_action: Annotated[str, Field(max_length=50, min_length=1)]
    event_outcome: Literal['success', 'failure', 'pending']
    correlation_id: Annotated[str, Field(max_length=255, min_length=1)]
    event_data: Annotated[
        LLMRequestPayload | LLMResponsePayload | LLMToolCallPayload | WorkflowValidationPayload | HolmesGPTResponsePayload | WorkflowSearchAuditPayload | WorkflowCatalogCreatedPayload | AIAnalysisPhaseTransitionPayload | AIAnalysisHolmesGPTCallPayload | AIAnalysisRegoEvaluationPayload | AIAnalysisApprovalDecisionPayload | AIAnalysisAuditPayload | AIAnalysisErrorPayload,
        Field(discriminator='event_type'),
    ]
    actor_type: Annotated[str | None, Field(max_length=255)] = None
    actor_id: Annotated[
        str | None,
        Field(
            description='Who the client says it was; recorded_by tells who sent it.',
            max_length=255,
        ),
    ] = None
    resource_type: Annotated[str | None, Field(max_length=255)] = None
    resource_id: Annotated[str | None, Field(max_length=255)] = None
    parent_event_id: UUID | None = None
    namespace: Annotated[str | None, Field(max_length=255)] = None
    cluster_name: Annotated[str | None, Field(max_length=255)] = None
    severity: Annotated[str | None, Field(max_length=50)] = None
    duration_ms: Annotated[int | None, Field(ge=0)] = None


class IdentifiedAuditEvent(AuditEventInput):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_id: Annotated[
        UUID,
        Field(
            description='A UUID version 7 that the client makes before its first attempt.'
        ),
    ]


class AuditEvent(AuditEventInput):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_date: date
    recorded_at: Annotated[
        AwareDatetime, Field(description='When the service stored it.')
    ]
    recorded_by: RecordedBy | None = None
    event_id: Annotated[
        UUID,
        Field(
            description='A UUID version 7 that the client makes before its first attempt.'
        ),
    ]


class AuditEventList(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    data: list[AuditEvent]
    pagination: Pagination
