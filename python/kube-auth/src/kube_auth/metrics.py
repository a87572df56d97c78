"""Counters of reviews and of decided requests."""

from prometheus_client import Counter

REVIEWS = Counter("kube_auth_reviews_total", "Reviews sent to the API server.", ["kind", "result"])
REQUESTS = Counter("kube_auth_requests_total", "Requests by decision.", ["result"])
