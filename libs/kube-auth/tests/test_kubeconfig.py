"""read_kubeconfig: what is read, and errors that name file and field and quote no value."""

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml
from kube_auth.errors import CredentialsError
from kube_auth.kubeconfig import read_kubeconfig

SECRET = "sensitive-token"


def document(**changes: Any) -> dict[str, Any]:
    whole = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [{"name": "k", "cluster": {"server": "https://server/"}}],
        "users": [{"name": "u", "user": {"token": SECRET}}],
    }
    return {**whole, **changes}


def cluster(**fields: Any) -> dict[str, Any]:
    return {"clusters": [{"name": "k", "cluster": {"server": "https://server", **fields}}]}


def user(**fields: Any) -> dict[str, Any]:
    return {"users": [{"name": "u", "user": fields}]}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "kubeconfig"


def test_the_current_context_is_read(config: Path) -> None:
    config.write_text(yaml.safe_dump(document()))

    parts = read_kubeconfig(config)

    assert (parts.server, parts.authority, parts.token) == ("https://server", None, SECRET)
    assert parts.files == (config,)


def test_files_are_found_beside_the_kubeconfig_and_watched(config: Path) -> None:
    config.write_text(
        yaml.safe_dump(
            document(**cluster(**{"certificate-authority": "ca"}), **user(tokenFile="t"))
        )
    )
    config.with_name("ca").write_text("PEM")
    config.with_name("t").write_text("from-file\n")

    parts = read_kubeconfig(config)

    assert (parts.authority, parts.token) == ("PEM", "from-file")
    assert set(parts.files) == {config, config.with_name("ca"), config.with_name("t")}


def test_embedded_data_wins_over_a_file(config: Path) -> None:
    data = base64.b64encode(b"PEM").decode()
    fields = {"certificate-authority-data": data, "certificate-authority": "none"}
    config.write_text(yaml.safe_dump(document(**cluster(**fields))))

    assert read_kubeconfig(config).authority == "PEM"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"current-context": ""}, "current-context", id="no-current"),
        pytest.param(
            {"current-context": "other"}, "contexts has no entry named other", id="context"
        ),
        pytest.param({"contexts": 1}, "contexts", id="contexts-no-list"),
        pytest.param(
            {"contexts": [{"name": "c"}]}, "context c is not a mapping", id="empty-context"
        ),
        pytest.param({"clusters": []}, "clusters has no entry named k", id="no-cluster"),
        pytest.param(cluster(server=""), "server", id="no-server"),
        pytest.param(cluster(server="tcp://x"), "server", id="foreign-scheme"),
        pytest.param(
            cluster(**{"insecure-skip-tls-verify": True}), "insecure-skip-tls-verify", id="insecure"
        ),
        pytest.param(cluster(**{"proxy-url": "http://p"}), "proxy-url", id="proxy"),
        pytest.param(
            cluster(**{"certificate-authority-data": "%"}),
            "certificate-authority-data",
            id="base64",
        ),
        pytest.param({"users": None}, "users has no entry named u", id="no-user"),
        pytest.param(user(), "neither token nor tokenFile", id="no-token"),
        pytest.param(user(exec={"command": "x"}), "neither token nor tokenFile", id="exec"),
        pytest.param(user(token=SECRET + " x"), "no well-formed token", id="blank-in-token"),
        pytest.param(user(token=SECRET + "\n"), "no well-formed token", id="newline-in-token"),
        pytest.param(user(token=["x"]), "token", id="token-no-text"),
    ],
)
def test_a_malformed_field_is_named(config: Path, changes: Any, named: str) -> None:
    config.write_text(yaml.safe_dump(document(**changes)))

    with pytest.raises(CredentialsError) as caught:
        read_kubeconfig(config)

    assert str(caught.value).startswith(f"{config}: ")
    assert named in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"text", b"token: " + SECRET.encode() + b"\xff", b"{" + SECRET.encode()],
    ids=["empty", "list", "cut", "text", "bytes", "secret"],
)
def test_what_is_no_kubeconfig_is_named_and_not_quoted(config: Path, content: bytes) -> None:
    config.write_bytes(content)

    with pytest.raises(CredentialsError) as caught:
        read_kubeconfig(config)

    assert str(config) in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_missing_file_may_come_later(config: Path) -> None:
    config.write_text(yaml.safe_dump(document(**user(tokenFile="later"))))

    with pytest.raises(FileNotFoundError):
        read_kubeconfig(config)
