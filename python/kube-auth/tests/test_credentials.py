"""CredentialSource: files that appear late, rotate and vanish."""

from pathlib import Path

import pytest
import yaml
from kube_auth.credentials import CredentialSource
from kube_auth.errors import ReviewUnavailableError


def kubeconfig(user: dict[str, str], server: str = "http://server/") -> str:
    return yaml.safe_dump(
        {
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
            "clusters": [{"name": "k", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": user}],
        }
    )


def put(path: Path, text: str) -> None:
    """Replace a file in one step, as a rotation does."""
    partial = path.with_suffix(".new")
    partial.write_text(text)
    partial.replace(path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "kubeconfig"


def test_a_kubeconfig_may_appear_later(config: Path) -> None:
    source = CredentialSource(config, {})
    with pytest.raises(ReviewUnavailableError, match="No such file"):
        source.load()

    put(config, kubeconfig({"token": "first"}))

    credentials = source.load()
    assert (credentials.server, credentials.token) == ("http://server", "first")


def test_an_unchanged_file_is_not_read_again(config: Path) -> None:
    put(config, kubeconfig({"token": "first"}))
    source = CredentialSource(config, {})

    assert source.load() is source.load()


def test_a_changed_kubeconfig_is_read_again(config: Path) -> None:
    put(config, kubeconfig({"token": "first"}))
    source = CredentialSource(config, {})
    source.load()

    put(config, kubeconfig({"token": "second"}))

    assert source.load().token == "second"


def test_a_rotated_token_file_is_read_again(config: Path) -> None:
    token = config.with_name("token")
    put(token, "first\n")
    put(config, kubeconfig({"tokenFile": "token"}))
    source = CredentialSource(config, {})
    assert source.load().token == "first"

    put(token, "second\n")

    assert source.load().token == "second"


def test_credentials_are_an_error_while_their_file_is_missing(config: Path) -> None:
    put(config, kubeconfig({"token": "first"}))
    source = CredentialSource(config, {})
    source.load()

    config.unlink()
    with pytest.raises(ReviewUnavailableError):
        source.load()

    put(config, kubeconfig({"token": "second"}))
    assert source.load().token == "second"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "contexts: 1", kubeconfig({}), kubeconfig({"token": "x"}).replace("u", "v", 1)],
)
def test_an_unusable_kubeconfig_is_an_error(config: Path, text: str) -> None:
    put(config, text)

    with pytest.raises(ReviewUnavailableError, match="no credentials in"):
        CredentialSource(config, {}).load()


def test_an_error_does_not_quote_the_file(config: Path) -> None:
    config.write_bytes(b"token: sensitive\xff")

    with pytest.raises(ReviewUnavailableError) as caught:
        CredentialSource(config, {}).load()

    assert "sensitive" not in str(caught.value)


def test_the_mount_needs_the_address_of_the_api_server(tmp_path: Path) -> None:
    put(tmp_path / "token", "mounted")

    with pytest.raises(ReviewUnavailableError, match="KUBERNETES_SERVICE_HOST"):
        CredentialSource(None, {}, tmp_path).load()


def test_the_mount_needs_its_authority(tmp_path: Path) -> None:
    put(tmp_path / "token", "mounted")
    env = {"KUBERNETES_SERVICE_HOST": "::1", "KUBERNETES_SERVICE_PORT": "443"}

    with pytest.raises(ReviewUnavailableError, match="No such file"):
        CredentialSource(None, env, tmp_path).load()
