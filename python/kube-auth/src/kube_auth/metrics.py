"""What kube-auth counts. Children are looked up once, not with every request."""

from prometheus_client import Counter, Gauge, Histogram

_LOOKUPS = Counter(
    "kube_auth_lookups_total",
    "Questions by where the answer came from: cached, shared, reviewed, refused.",
    ["kind", "source"],
)
_REVIEWS = Counter(
    "kube_auth_reviews_total",
    "Reviews by the API server's answer: yes, no, unchecked, error.",
    ["kind", "result"],
)
_REQUESTS = Counter(
    "kube_auth_requests_total",
    "Requests by decision: allowed, exempt, unauthorized, forbidden, too_large, "
    "unavailable, failed.",
    ["result"],
)
_SECONDS = Histogram(
    "kube_auth_review_duration_seconds",
    "Time of a review with its retries.",
    ["kind"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_RETRIES = Counter(
    "kube_auth_review_retries_total",
    "Repeated attempts, by the status that caused them; `connection` is none.",
    ["cause"],
)
IN_FLIGHT = Gauge("kube_auth_reviews_in_flight", "Reviews under way.")

KINDS = ("token", "access")
LOOKUPS = {
    (kind, source): _LOOKUPS.labels(kind, source)
    for kind in KINDS
    for source in ("cached", "shared", "reviewed", "refused")
}
REVIEWS = {
    (kind, result): _REVIEWS.labels(kind, result)
    for kind in KINDS
    for result in ("yes", "no", "unchecked", "error")
}
REQUESTS = {
    result: _REQUESTS.labels(result)
    for result in (
        "allowed",
        "exempt",
        "unauthorized",
        "forbidden",
        "too_large",
        "unavailable",
        "failed",
    )
}
SECONDS = {kind: _SECONDS.labels(kind) for kind in KINDS}
RETRIES = {cause: _RETRIES.labels(cause) for cause in ("connection", "429", "500", "503", "504")}
