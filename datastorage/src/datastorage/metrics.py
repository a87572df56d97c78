"""Counters of the service."""

from prometheus_client import Counter, Histogram

AUDIT = Counter(
    "datastorage_audit_traces", "Audit events by what became of them", ["service", "status"]
)
WORKFLOWS = Counter("datastorage_workflow_creates", "Workflow posts by outcome", ["outcome"])
WRITES = Histogram("datastorage_write_duration_seconds", "Time to store", ["table"])
