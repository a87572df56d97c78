"""UUIDs of version 7."""

import time
from uuid import RFC_4122

from holmesgpt_api.identifiers import uuid7


def test_identifiers_say_when_they_were_made_and_differ() -> None:
    before = time.time_ns() // 1_000_000
    made = [uuid7() for _ in range(1000)]
    after = time.time_ns() // 1_000_000

    assert len(set(made)) == 1000
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert all(before <= each.int >> 80 <= after for each in made)
