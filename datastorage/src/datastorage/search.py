"""Finds the workflows that fit a signal, best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datastorage.database import Connection
from datastorage.models._generated import DetectedLabels, SearchFilters, SearchRequest
from datastorage.scoring import PLAIN, Score, score

# Answered by ix_workflow_search alone: equality on its leading columns.
MATCH = """
SELECT workflow_id, created_at FROM remediation_workflow_catalog
WHERE is_latest_version AND signal_type = %(signal_type)s AND severity = %(severity)s
    AND priority = %(priority)s AND component = ANY(%(components)s)
    AND status = ANY(%(status)s) AND environments && %(environments)s
"""
SHOWN = "c.workflow_id, c.name, c.description, c.container_image, c.container_digest"
NEWEST = f"""
WITH found AS MATERIALIZED ({MATCH}),
page AS (SELECT workflow_id FROM found ORDER BY created_at DESC, workflow_id DESC LIMIT %(top_k)s)
SELECT {SHOWN}, c.custom_labels, c.detected_labels, (SELECT count(*) FROM found) AS total
FROM page JOIN remediation_workflow_catalog AS c USING (workflow_id)
ORDER BY c.created_at DESC, c.workflow_id DESC
"""
LABELS = f"""
WITH found AS MATERIALIZED ({MATCH})
SELECT c.workflow_id, c.custom_labels, c.detected_labels
FROM found JOIN remediation_workflow_catalog AS c USING (workflow_id)
ORDER BY c.created_at DESC, c.workflow_id DESC
"""
DETAILS = f"""
SELECT {SHOWN}, c.custom_labels, c.detected_labels
FROM remediation_workflow_catalog AS c WHERE c.workflow_id = ANY(%s)
"""


@dataclass(frozen=True)
class Found:
    """The best matches, as the contract's SearchHit, and how many matches there are."""

    hits: Sequence[Mapping[str, Any]]
    total: int


async def search(connection: Connection, wanted: SearchRequest) -> Found:
    """The best matches and how many there are; equal scores are newest first."""
    filters = wanted.filters
    if filters.detected_labels or filters.custom_labels:
        return await _ranked(connection, wanted)
    # Without optional labels all matches score the same: the newest are the best.
    if wanted.min_score > PLAIN.final:
        return Found([], 0)
    cursor = await connection.execute(NEWEST, _values(wanted) | {"top_k": wanted.top_k})
    rows = await cursor.fetchall()
    return Found(_hits(rows, [PLAIN] * len(rows), filters), rows[0]["total"] if rows else 0)


async def _ranked(connection: Connection, wanted: SearchRequest) -> Found:
    found = await (await connection.execute(LABELS, _values(wanted))).fetchall()
    scored = [(_score(row, wanted.filters), row["workflow_id"]) for row in found]
    fit = [pair for pair in scored if pair[0].final >= wanted.min_score]
    # The sort is stable: equal scores stay newest first.
    fit.sort(key=lambda pair: -pair[0].final)
    best = fit[: wanted.top_k]
    cursor = await connection.execute(DETAILS, ([workflow_id for _, workflow_id in best],))
    details = {row["workflow_id"]: row for row in await cursor.fetchall()}
    shown = [(points, details[key]) for points, key in best if key in details]
    hits = _hits([row for _, row in shown], [points for points, _ in shown], wanted.filters)
    return Found(hits, len(fit))


def _values(wanted: SearchRequest) -> dict[str, Any]:
    filters = wanted.filters
    status = filters.status or (["active", "disabled"] if wanted.include_disabled else ["active"])
    return {
        "signal_type": filters.signal_type,
        "severity": filters.severity,
        "priority": filters.priority,
        "components": [filters.component, "*"],
        "status": list(status),
        "environments": [filters.environment, "*"],
    }


def _score(row: Mapping[str, Any], filters: SearchFilters) -> Score:
    detected = row["detected_labels"]
    labels = DetectedLabels.model_validate(detected) if detected else None
    return score(filters, labels, row["custom_labels"] or {})


def _hits(
    rows: Sequence[Mapping[str, Any]], points: Sequence[Score], filters: SearchFilters
) -> list[dict[str, Any]]:
    return [
        _hit(row, score, rank, filters.signal_type)
        for rank, (row, score) in enumerate(zip(rows, points, strict=True), start=1)
    ]


def _hit(row: Mapping[str, Any], points: Score, rank: int, signal_type: str) -> dict[str, Any]:
    """A plain dictionary: models of what the database holds would only cost time."""
    final = points.final
    hit = {
        "workflow_id": row["workflow_id"],
        "title": row["name"],
        "description": row["description"],
        "signal_type": signal_type,
        "confidence": final,
        "label_boost": points.boost,
        "label_penalty": points.penalty,
        "final_score": final,
        "rank": rank,
    }
    for name in ("container_image", "container_digest", "custom_labels", "detected_labels"):
        if row[name] is not None:
            hit[name] = row[name]
    return hit
