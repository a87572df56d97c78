"""Proofs of kube-auth: a mutant without one guarantee makes the test of that guarantee fail."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from prove.run import Outcome, copied, goes_red, mutated, run_pytest

PACKAGE = "libs/kube-auth"
FILES = (
    "authorization",
    "cache",
    "client",
    "contract",
    "decisions",
    "flights",
    "headers",
    "keys",
    "middleware",
    "reviewer",
    "standing",
    "store",
)


@cache
def healthy() -> Outcome:
    """The tests on an unchanged copy, once for all proofs."""
    files = [f"{PACKAGE}/tests/test_{name}.py" for name in FILES]
    with copied(PACKAGE) as (_, python):
        return run_pytest(*files, python=python)


def mutant(file: str, old: str, new: str, test: str, check: str) -> None:
    """The check of one test file goes red on a mutant of one source file."""
    node = f"{PACKAGE}/tests/{test}::{check}"
    with mutated(PACKAGE, f"kube_auth/{file}", old, new) as python:
        goes_red(check, healthy(), run_pytest(node, python=python))


def cache_off(_: Path) -> None:
    """A cache that keeps nothing is noticed."""
    kept = "if not answer.keep or end <= wall:"
    check = "test_an_answer_is_asked_for_again_after_its_ttl[yes]"
    mutant("store.py", kept, "if True:", "test_cache.py", check)


def single_flight_off(_: Path) -> None:
    """A review for each caller of the same moment is noticed."""
    under_way = "flight = self._flights.get(key)\n"
    check = "test_without_ttls_callers_at_the_same_moment_still_share_a_review"
    mutant("flights.py", under_way, "flight = None\n", "test_cache.py", check)


def detached_task_off(_: Path) -> None:
    """A review that ends with the caller who leaves is noticed."""
    shielded = "await asyncio.shield(flight)"
    check = "test_those_who_stay_get_the_answer_of_one_review[first]"
    mutant("flights.py", shielded, "await flight", "test_flights.py", check)


def first_callers_context_kept(_: Path) -> None:
    """A shared review that runs in the context of its first caller is noticed."""
    check = "test_a_review_does_not_run_in_the_context_of_its_first_caller"
    mutant("flights.py", ", context=Context()", "", "test_flights.py", check)


def audience_check_off(_: Path) -> None:
    """A token of another audience that gets in is noticed."""
    intersected = 'if not set(strings(status.get("audiences"), "audiences")) & set(audiences):'
    check = "test_a_token_that_is_not_for_us_has_no_identity[foreign-audience]"
    mutant("reviews.py", intersected, "if False:", "test_reviewer.py", check)


def exempt_path_by_prefix(_: Path) -> None:
    """An exemption that holds for longer paths too is noticed."""
    exact = 'if scope["path"] in self._authorization.exempt:'
    prefix = 'if scope["path"].startswith(tuple(self._authorization.exempt)):'
    check = "test_what_only_resembles_an_exempt_path_needs_a_token[/healthy]"
    mutant("middleware.py", exact, prefix, "test_middleware.py", check)


def errors_cached(_: Path) -> None:
    """An error that is kept like an answer is noticed."""
    asked = "            answer = await review()\n"
    kept = """            try:
                answer = await review()
            except Exception as error:
                answer = Answer(error, yes=False)
"""
    check = "test_an_error_is_not_kept[error0]"
    mutant("cache.py", asked, kept, "test_cache.py", check)


def key_without_audiences(_: Path) -> None:
    """A key of the token alone is noticed."""
    check = "test_audiences_are_part_of_the_key[other]"
    mutant("keys.py", " + self._audiences", "", "test_keys.py", check)


def key_without_lengths(_: Path) -> None:
    """A key whose parts run into one another is noticed."""
    prefixed = 'return len(data).to_bytes(8, "big") + data'
    check = "test_audiences_are_part_of_the_key[moved]"
    mutant("keys.py", prefixed, "return data", "test_keys.py", check)


def right_without_groups(_: Path) -> None:
    """A right that is kept without the groups it was granted for is noticed."""
    check = "test_a_right_is_kept_for_exactly_what_was_asked[fewer-groups]"
    groups = "list(self.groups)"
    mutant("identity.py", groups, "[]", "test_reviewer.py", check)


def one_shelf_for_yes_and_no(_: Path) -> None:
    """Bad tokens that push out good ones are noticed."""
    apart = "shelf = self._yes if answer.yes else self._no"
    check = "test_a_flood_of_bad_tokens_pushes_out_no_good_one"
    mutant("store.py", apart, "shelf = self._yes", "test_store.py", check)


def admission_off(_: Path) -> None:
    """Reviews without a bound are noticed."""
    check = "test_a_burst_beyond_the_bound_is_refused_at_once"
    bound = "if self._under_way >= self._limit[known]:"
    mutant("flights.py", bound, "if False:", "test_flights.py", check)


def no_places_for_known_callers(_: Path) -> None:
    """Strangers who keep known callers from being reviewed again are noticed."""
    known = "known = self._of_known_callers or self._store.said_yes(key)"
    check = "test_a_caller_who_was_known_is_reviewed_again_during_a_flood[token-True]"
    mutant("cache.py", known, "known = False", "test_cache.py", check)


def underscored_claims_kept(_: Path) -> None:
    """A claim of identity that passes in another spelling is noticed."""
    check = "test_a_claim_of_identity_is_not_kept[x_remote_user]"
    mutant("headers.py", '.replace(b"_", b"-")', "", "test_headers.py", check)


def error_text_logged(_: Path) -> None:
    """A token that gets into the log by an error's text is noticed."""
    named = '"error": type(error).__name__'
    check = "test_a_defect_in_a_review_is_500_and_tells_its_place_but_not_its_text[token]"
    mutant("middleware.py", named, '"error": repr(error)', "test_middleware.py", check)


def forbidden_retried(_: Path) -> None:
    """A refusal that is asked for again and again is noticed."""
    check = "test_a_lasting_failure_is_asked_once[403]"
    retried = "frozenset({429, 500, 504})"
    mutant("client.py", retried, "frozenset({403, 429, 500, 504})", "test_client.py", check)


def unknown_path_handed_on(_: Path) -> None:
    """What the contract lacks and the application gets is noticed."""
    check = "test_a_path_that_the_contract_lacks_is_404_and_never_handed_on"
    refused = 'return refusals.no_operation(self._authorization.methods(scope["path"]))'
    mutant("middleware.py", refused, "return None", "test_middleware.py", check)


def parameters_before_literals(_: Path) -> None:
    """A path with parameters that wins over a literal one is noticed."""
    check = "test_a_literal_path_wins_over_one_with_parameters[/items/search-/items/search]"
    literal = "if literal is not None:"
    mutant("authorization.py", literal, "if False:", "test_authorization.py", check)


def operation_without_a_right(_: Path) -> None:
    """An operation whose right nobody wrote down is noticed."""
    check = "test_a_right_that_no_operation_names_ends_the_start"
    missing = "section, place = _mapping(operation, where, KEY)"
    lenient = 'section, place = operation.get(KEY, {"verb": "get"})'
    mutant("contract.py", missing, lenient, "test_contract.py", check)


def refusals_at_once(_: Path) -> None:
    """A flood of refused clients that takes the service over is noticed."""
    check = "test_good_callers_are_served_while_refused_ones_wait_their_turn"
    mutant("middleware.py", "if not refusal.paced:", "if True:", "test_middleware.py", check)


def readiness_in_callers_hands(_: Path) -> None:
    """A caller who can take the service out of service is noticed."""
    check = "test_a_callers_own_failure_does_not_take_the_service_out_of_service"
    asked = "        self._ask_at = min(self._ask_at, self._told_at + AGAIN_SECONDS)\n"
    told = '        self._problem = "a review failed"\n'
    mutant("standing.py", asked, told + asked, "test_standing.py", check)


def token_in_the_decision_log(_: Path) -> None:
    """A decision that tells more of its caller than who it is is noticed."""
    check = "test_no_secret_is_in_any_line"
    named = '"username": identity.username if identity else None,'
    mutant("decisions.py", named, '"username": identity,', "test_decisions.py", check)


PROOFS: list[Callable[[Path], None]] = [
    cache_off,
    single_flight_off,
    detached_task_off,
    first_callers_context_kept,
    audience_check_off,
    exempt_path_by_prefix,
    errors_cached,
    key_without_audiences,
    key_without_lengths,
    right_without_groups,
    one_shelf_for_yes_and_no,
    admission_off,
    no_places_for_known_callers,
    underscored_claims_kept,
    error_text_logged,
    forbidden_retried,
    unknown_path_handed_on,
    parameters_before_literals,
    operation_without_a_right,
    refusals_at_once,
    readiness_in_callers_hands,
    token_in_the_decision_log,
]
