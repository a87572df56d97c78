"""Creates workflows: new ones once, the same ones never twice, others never silently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from datastorage import catalogue
from datastorage.database import Database
from datastorage.events import workflow_created
from datastorage.fingerprint import differing_fields
from datastorage.identifiers import uuid7
from datastorage.journal import Journal
from datastorage.metrics import WORKFLOWS, WRITES
from datastorage.models._generated import RemediationWorkflow, WorkflowInput
from datastorage.senders import Sender

CREATE = "SELECT * FROM catalogue_create(%b::text[], %b::text[], %b::text[], %b::text[])"
Outcome = Literal["created", "existing", "conflict"]


@dataclass(frozen=True)
class Posting:
    """A workflow to be created, with the id that it will have, and who sent it."""

    workflow: WorkflowInput
    workflow_id: UUID
    sender: Sender

    def text(self) -> str:
        """The row as JSON."""
        fields = self.workflow.model_dump_json(by_alias=True, exclude_none=True)
        return f'{{"workflow_id":"{self.workflow_id}",{fields[1:]}'


@dataclass(frozen=True)
class Created:
    """What became of a posting; the workflow is the stored one."""

    workflow: RemediationWorkflow
    outcome: Outcome
    differing: Sequence[str] = ()


class Creation:
    """Creates workflows; what it returned is on disk, with its audit event."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._journal: Journal[list[Posting], list[Created]] = Journal(self._commit)

    async def create(self, workflows: Sequence[WorkflowInput], sender: Sender) -> list[Created]:
        """One result for each workflow, all of one transaction."""
        postings = [Posting(workflow, uuid7(), sender) for workflow in workflows]
        size = sum(len(workflow.content) for workflow in workflows)
        made = await self._journal.store(postings, size)
        for result in made:
            WORKFLOWS.labels(result.outcome).inc()
        return made

    async def close(self) -> None:
        """Wait for what was handed in."""
        await self._journal.close()

    async def _commit(self, requests: Sequence[list[Posting]]) -> list[list[Created]]:
        postings = [posting for request in requests for posting in request]
        with WRITES.labels("remediation_workflow_catalog").time():
            times = await self._insert(postings)
        made = await self._compared(postings, times)
        results = iter(made)
        return [[next(results) for _ in request] for request in requests]

    async def _insert(self, postings: Sequence[Posting]) -> dict[int, datetime]:
        """When each was created, by its place; those that were there are missing."""
        values = (
            [posting.text() for posting in postings],
            [f"[{workflow_created(p.workflow, p.workflow_id)}]" for p in postings],
            [posting.sender.username for posting in postings],
            [posting.sender.credential_id or "" for posting in postings],
        )
        async with self._database.connection() as connection:
            rows = await (await connection.execute(CREATE, values)).fetchall()
        return {row["item"] - 1: row["created"] for row in rows}

    async def _compared(
        self, postings: Sequence[Posting], times: dict[int, datetime]
    ) -> list[Created]:
        old = [p.workflow for place, p in enumerate(postings) if place not in times]
        existing = {}
        if old:
            names = [workflow.workflow_name for workflow in old]
            async with self._database.connection() as connection:
                existing = await catalogue.named(connection, names, [w.version for w in old])
        made = []
        for place, posting in enumerate(postings):
            if place in times:
                made.append(Created(_stored(posting, times[place]), "created"))
                continue
            row = existing[posting.workflow.workflow_name, posting.workflow.version]
            differing = differing_fields(row, posting.workflow)
            made.append(Created(row, "conflict" if differing else "existing", differing))
        return made


def _stored(posting: Posting, created: datetime) -> RemediationWorkflow:
    """The new row, without reading it back."""
    return RemediationWorkflow.model_construct(
        posting.workflow.model_fields_set
        | {"workflow_id", "is_latest_version", "created_at", "updated_at"},
        **dict(posting.workflow),
        workflow_id=posting.workflow_id,
        is_latest_version=True,
        created_at=created,
        updated_at=created,
    )
