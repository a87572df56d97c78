"""Delegated Kubernetes authentication and authorization for ASGI services."""
