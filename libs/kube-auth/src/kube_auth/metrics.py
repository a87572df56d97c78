"""What kube-auth counts.

A request counts three times, so its counters are plain numbers, which the
registry asks for when it is scraped.
"""

from collections.abc import Iterable, Iterator

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

KINDS = ("token", "access")


class Tally:
    """A number that only grows. Not for use by several threads."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def inc(self) -> None:
        """One more."""
        self.count += 1


class _Tallies(Collector):
    """A counter metric made of tallies, one for each set of label values."""

    def __init__(self, name: str, text: str, labels: list[str], rows: Iterable[tuple[str, ...]]):
        self.tallies = {row: Tally() for row in rows}
        self._name, self._text, self._labels = name, text, labels
        REGISTRY.register(self)

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(self._name, self._text, labels=self._labels)
        for row, tally in self.tallies.items():
            family.add_metric(row, tally.count)
        yield family


LOOKUPS = _Tallies(
    "kube_auth_lookups",
    "Questions by where the answer came from.",
    ["kind", "source"],
    [(kind, source) for kind in KINDS for source in ("cached", "shared", "reviewed", "refused")],
).tallies
_REQUESTS = _Tallies(
    "kube_auth_requests",
    "Requests by decision.",
    ["result"],
    [
        ("allowed",),
        ("exempt",),
        ("unauthorized",),
        ("forbidden",),
        ("not_found",),
        ("too_large",),
        ("unavailable",),
        ("failed",),
    ],
)
REQUESTS = {result: tally for (result,), tally in _REQUESTS.tallies.items()}

_REVIEWS = Counter(
    "kube_auth_reviews_total", "Reviews by the API server's answer.", ["kind", "result"]
)
_SECONDS = Histogram(
    "kube_auth_review_duration_seconds",
    "Time of a review with its retries.",
    ["kind"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_RETRIES = Counter(
    "kube_auth_review_retries_total",
    "Repeated attempts by the status that caused them; `connection` is none.",
    ["cause"],
)
IN_FLIGHT = Gauge("kube_auth_reviews_in_flight", "Reviews under way.")
REVIEWS = {
    (kind, result): _REVIEWS.labels(kind, result)
    for kind in KINDS
    for result in ("yes", "no", "unchecked", "error")
}
SECONDS = {kind: _SECONDS.labels(kind) for kind in KINDS}
RETRIES = {cause: _RETRIES.labels(cause) for cause in ("connection", "429", "500", "503", "504")}
