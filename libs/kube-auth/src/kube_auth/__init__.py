"""Delegated Kubernetes authentication and authorization for ASGI services.

A request's bearer token is judged by a TokenReview and its right by a
SubjectAccessReview. Definite answers are cached, concurrent requests share one
review, and whatever cannot be decided is refused.
"""

from kube_auth.authorization import Authorization, Operation
from kube_auth.contract import load_authorization
from kube_auth.errors import ConfigurationError, KubeAuthError, ReviewUnavailableError
from kube_auth.identity import Identity
from kube_auth.middleware import KubeAuthMiddleware
from kube_auth.reviewer import KubeReviewer, Reviewer
from kube_auth.settings import AuthSettings

__all__ = [
    "AuthSettings",
    "Authorization",
    "ConfigurationError",
    "Identity",
    "KubeAuthError",
    "KubeAuthMiddleware",
    "KubeReviewer",
    "Operation",
    "ReviewUnavailableError",
    "Reviewer",
    "load_authorization",
]
