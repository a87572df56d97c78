"""pytest-shared-session-scope: a lock, a store, and the last worker by counting tests."""

from collections.abc import Generator
from typing import Any

from kubernaut_bench.bootstrap.support import clean_up, seed
from pytest_shared_session_scope import CleanupToken, SetupToken, shared_session_scope_json


@shared_session_scope_json()  # type: ignore[untyped-decorator] # only the bench environment has it
def workflow_ids() -> Generator[Any, Any, None]:
    data = yield
    if data is SetupToken.FIRST:
        data = seed()
    token = yield data
    if token is CleanupToken.LAST:
        clean_up()
