"""CredentialSource: files that appear late, rotate and vanish."""

import os
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from kube_auth.credentials import MAX_AGE_SECONDS, CredentialSource
from kube_auth.errors import CredentialsError, ReviewUnavailableError
from kube_auth.kubeconfig import read_kubeconfig
from service_base.logs import configure_logs

IN_A_POD = {"KUBERNETES_SERVICE_HOST": "::1", "KUBERNETES_SERVICE_PORT": "443"}


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


def test_a_file_rewritten_unnoticed_is_read_again_in_time(config: Path, clock: Any) -> None:
    put(config, kubeconfig({"token": "first"}))
    source = CredentialSource(config, {}, clock=clock)
    source.load()
    status = config.stat()
    config.write_text(kubeconfig({"token": "other"}))
    os.utime(config, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert source.load().token == "first"

    clock.now += MAX_AGE_SECONDS

    assert source.load().token == "other"


def test_reading_the_same_again_keeps_the_connections(config: Path, clock: Any) -> None:
    put(config, kubeconfig({"token": "first"}, "https://server"))
    source = CredentialSource(config, {}, clock=clock)
    before = source.load()

    clock.now += MAX_AGE_SECONDS

    assert source.load() is before


def test_a_malformed_file_is_an_error_with_its_path(config: Path) -> None:
    put(config, kubeconfig({}))
    source = CredentialSource(config, {})

    with pytest.raises(ReviewUnavailableError, match=rf"{config}: the user has neither token"):
        source.load()
    assert str(config) in str(source.problem())


def test_each_problem_is_logged_once_and_so_is_its_end(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logs("info")
    source = CredentialSource(config, {})

    source.problem()
    source.problem()
    put(config, "{")
    source.problem()
    source.problem()
    put(config, kubeconfig({"token": "first"}))
    source.problem()
    source.load()

    lines = [line for line in capfd.readouterr().err.splitlines() if "credentials" in line]
    assert [line.count(str(config)) for line in lines] == [1, 1, 1]
    assert "No such file" in lines[0]
    assert "is not valid YAML" in lines[1]
    assert '"level":"info"' in lines[2]


def test_a_file_that_may_come_passes_the_check(config: Path) -> None:
    CredentialSource(config, {}).check()
    put(config, kubeconfig({"tokenFile": "later"}))
    CredentialSource(config, {}).check()

    assert CredentialSource(config, {}).problem() is not None


@pytest.mark.parametrize(
    "make", [Path.mkdir, lambda path: path.write_text("{")], ids=["dir", "cut"]
)
def test_a_malformed_file_fails_the_check(config: Path, make: Any) -> None:
    make(config)

    with pytest.raises(CredentialsError, match=str(config)):
        CredentialSource(config, {}).check()


@pytest.mark.parametrize("pem", ["", "\n", "no certificate"], ids=["empty", "blank", "text"])
def test_an_authority_without_a_certificate_is_not_taken_for_the_systems(
    config: Path, pem: str
) -> None:
    authority = config.with_name("ca.crt")
    put(authority, pem)
    text = kubeconfig({"token": "x"}, "https://server")
    put(config, text.replace("server:", "certificate-authority: ca.crt\n    server:"))

    with pytest.raises(CredentialsError, match=rf"{authority}: .*PEM"):
        CredentialSource(config, {}).check()


def test_outside_a_pod_the_missing_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"KUBERNETES_SERVICE_HOST.*set KUBECONFIG"):
        CredentialSource(None, {}, tmp_path).check()


def test_the_mount_needs_its_authority(tmp_path: Path) -> None:
    put(tmp_path / "token", "mounted")

    with pytest.raises(ReviewUnavailableError, match=r"ca\.crt: No such file"):
        CredentialSource(None, IN_A_POD, tmp_path).load()


def test_the_mount_is_read_and_read_again_when_it_rotates(tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_bytes(trustme.CA().cert_pem.bytes())
    put(tmp_path / "token", "first\n")
    source = CredentialSource(None, IN_A_POD, tmp_path)
    assert (source.load().server, source.load().token) == ("https://[::1]:443", "first")

    put(tmp_path / "token", "second\n")
    before = source.load()
    assert before.token == "second"
    partial = tmp_path / "ca.new"
    partial.write_bytes(trustme.CA().cert_pem.bytes())
    partial.replace(tmp_path / "ca.crt")

    assert source.load().tls is not before.tls


def test_a_token_is_not_in_the_representation(config: Path) -> None:
    put(config, kubeconfig({"token": "sensitive-token"}))
    source = CredentialSource(config, {})

    assert "sensitive-token" not in repr(source.load()) + repr(read_kubeconfig(config))
