"""Workflow catalogue and audit trail on PostgreSQL."""
