"""TokenKeys: no two questions share a key, and no key tells its token."""

import hashlib
import hmac

import pytest
from kube_auth.keys import TokenKeys


def keys_of_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all TokenKeys have the same secret, so that only the message tells them apart."""
    monkeypatch.setattr("kube_auth.keys.secrets.token_bytes", bytes)


def test_a_question_has_one_key() -> None:
    keys = TokenKeys(["a", "b"])

    assert keys.key("token") == keys.key("token")
    assert keys.key("token") != keys.key("token2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("t", ["a"]), ("t", ["b"])),
        (("t", ["a"]), ("t", [])),
        (("t", ["a"]), ("t", ["a", "a"])),
        (("t", ["ab", "c"]), ("t", ["a", "bc"])),
        (("ta", ["b"]), ("t", ["ab"])),
        (("t", ["a", "b"]), ("t", ["ab"])),
        (("t\x00\x00\x00\x00\x00\x00\x00\x01a", []), ("t", ["a"])),
    ],
    ids=["other", "none", "twice", "moved", "from-token", "joined", "forged-length"],
)
def test_audiences_are_part_of_the_key(
    monkeypatch: pytest.MonkeyPatch, one: tuple[str, list[str]], other: tuple[str, list[str]]
) -> None:
    keys_of_one_process(monkeypatch)

    assert TokenKeys(one[1]).key(one[0]) != TokenKeys(other[1]).key(other[0])


def test_each_process_has_keys_of_its_own() -> None:
    assert TokenKeys(["a"]).key("token") != TokenKeys(["a"]).key("token")


def test_a_key_is_no_plain_hash_and_has_a_fixed_size() -> None:
    key = TokenKeys([]).key("token" * 1000)

    assert len(key) == 32
    assert key != hashlib.sha256(b"token" * 1000).digest()


def test_a_key_is_the_hmac_sha256_of_lengths_and_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    keys_of_one_process(monkeypatch)
    message = b"\0\0\0\0\0\0\0\x05token" + b"\0\0\0\0\0\0\0\x01a"

    assert TokenKeys(["a"]).key("token") == hmac.digest(bytes(32), message, "sha256")
