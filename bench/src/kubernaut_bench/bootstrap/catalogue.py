"""The real DataStorage that all strategies seed, and what it counts."""

from dataclasses import dataclass
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from kubernaut_bench.stack import HandOver

POST = '"request":"POST /api/v1/workflows"'
REVIEWS = "kube_auth_reviews_total"


@dataclass(frozen=True)
class Counts:
    """What DataStorage has seen so far."""

    posts: int
    token_reviews: int

    def since(self, before: "Counts") -> "Counts":
        """What came after."""
        return Counts(self.posts - before.posts, self.token_reviews - before.token_reviews)


@dataclass(frozen=True)
class Catalogue:
    """A DataStorage that runs: its URL, the suite's token, and its access log."""

    url: str
    token_file: Path
    log: Path

    @classmethod
    def of(cls, told: HandOver) -> "Catalogue":
        """The one of a stack."""
        token_file, log = Path(told["client_token_file"]), Path(told["logs"]["datastorage"])
        return cls(told["urls"]["datastorage"], token_file, log)

    def counts(self) -> Counts:
        """By the access log and the metrics."""
        metrics = requests.get(f"{self.url}/metrics", timeout=30)
        metrics.raise_for_status()
        return Counts(self.log.read_text().count(POST), token_reviews(metrics.text))


def token_reviews(metrics: str) -> int:
    """How many TokenReviews were asked for, whatever came of them."""
    samples = [
        sample
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.name == REVIEWS and sample.labels["kind"] == "token"
    ]
    return int(sum(sample.value for sample in samples))
