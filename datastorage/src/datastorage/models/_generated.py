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
    pattern: str | None = None


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
    total: int


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
    environment: Literal['production', 'staging', 'development', 'test', '*']
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


class AuditEventInput(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    version: Annotated[str, Field(max_length=20, min_length=1)]
    event_type: Annotated[
        str,
        Field(
            description='Decides what event_data must hold.',
            max_length=100,
            min_length=1,
        ),
    ]
    event_timestamp: AwareDatetime
    event_category: Literal['gateway', 'notification', 'analysis', 'aiagent', 'signalprocessing', 'workflow', 'workflowexecution', 'orchestration', 'webhook']
    event_action: Annotated[str, Field(max_length=50, min_length=1)]
    event_outcome: Literal['success', 'failure', 'pending']
    correlation_id: Annotated[str, Field(max_length=255, min_length=1)]
    event_data: dict[str, Any]
    actor_type: str | None = None
    actor_id: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None
    parent_event_id: UUID | None = None
    namespace: str | None = None
    cluster_name: str | None = None
    severity: str | None = None
    duration_ms: Annotated[int | None, Field(ge=0)] = None


class AuditEvent(AuditEventInput):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_id: UUID
    event_date: date


class AuditEventStored(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_id: UUID
    event_timestamp: AwareDatetime
    message: str


class AuditBatchStored(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    event_ids: list[UUID]
    message: str


class Pagination(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    limit: int
    offset: int
    total: int
    has_more: bool


class AuditEventList(BaseModel):
    model_config = ConfigDict(
        extra='ignore',
    )
    data: list[AuditEvent]
    pagination: Pagination
