"""Reads the current context of a kubeconfig: server, authority and token."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kube_auth.errors import CredentialsError

# Obeying them is not implemented, and ignoring them would do another thing than
# the file says: a proxy passed by, a check switched on or off.
UNSUPPORTED = ("insecure-skip-tls-verify", "proxy-url", "tls-server-name")


@dataclass(frozen=True)
class Parts:
    """What the files say, and which files were read."""

    server: str
    authority: str | None
    authority_file: Path
    token: str = field(repr=False)
    files: tuple[Path, ...]


def read_kubeconfig(path: Path) -> Parts:
    """The parts of the current context.

    Raises OSError while a file is missing, and CredentialsError, which names file
    and field and quotes no value, when the file can never be used as it is.
    """
    document = _mapping(path, "the file", _parse(path))
    context = _entry(path, document, "contexts", _text(path, document, "current-context"))
    cluster = _entry(path, document, "clusters", _text(path, context, "cluster"))
    user = _entry(path, document, "users", _text(path, context, "user"))
    for option in UNSUPPORTED:
        if cluster.get(option):
            raise CredentialsError(f"{path}: {option} is not supported; remove it")
    files = [path]
    authority, authority_file = _authority(path, cluster, files)
    token = _token(path, user, files)
    return Parts(_server(path, cluster), authority, authority_file, token, tuple(files))


def _parse(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError):
        # The parser's message quotes the line, which may hold a token.
        raise CredentialsError(f"{path}: is not valid YAML") from None


def _server(path: Path, cluster: Mapping[str, Any]) -> str:
    server = _text(path, cluster, "server").rstrip("/")
    if not server.startswith(("https://", "http://")):
        raise CredentialsError(f"{path}: server is not an http or https URL")
    return server


def _token(path: Path, user: Mapping[str, Any], files: list[Path]) -> str:
    if user.get("tokenFile"):
        file = path.parent / _text(path, user, "tokenFile")
        files.append(file)
        return read_token(file)
    if not user.get("token"):
        raise CredentialsError(f"{path}: the user has neither token nor tokenFile")
    return checked_token(path, _text(path, user, "token"))


def read_token(file: Path) -> str:
    """The token in a file. Raises CredentialsError when it cannot be a header's value."""
    try:
        return checked_token(file, file.read_text().strip())
    except UnicodeDecodeError:
        raise CredentialsError(f"{file}: is not UTF-8 text") from None


def checked_token(file: Path, token: str) -> str:
    """The token again, when it is printable ASCII without a space."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise CredentialsError(f"{file}: has no well-formed token")
    return token


def _authority(
    path: Path, cluster: Mapping[str, Any], files: list[Path]
) -> tuple[str | None, Path]:
    """The PEM text, None for the system's authorities, and the file that has it."""
    if cluster.get("certificate-authority-data"):
        data = _text(path, cluster, "certificate-authority-data")
        try:
            return base64.b64decode(data, validate=True).decode(), path
        except (binascii.Error, UnicodeDecodeError):
            raise CredentialsError(
                f"{path}: certificate-authority-data is not valid base64"
            ) from None
    if not cluster.get("certificate-authority"):
        return None, path
    file = path.parent / _text(path, cluster, "certificate-authority")
    files.append(file)
    try:
        return file.read_text(), file
    except UnicodeDecodeError:
        raise CredentialsError(f"{file}: is not UTF-8 text") from None


def _entry(path: Path, document: Mapping[str, Any], group: str, name: str) -> Mapping[str, Any]:
    entries = document.get(group)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("name") == name:
            kind = group.removesuffix("s")
            return _mapping(path, f"{kind} {name}", entry.get(kind))
    raise CredentialsError(f"{path}: {group} has no entry named {name}")


def _mapping(path: Path, what: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise CredentialsError(f"{path}: {what} is not a mapping")
    return value


def _text(path: Path, holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or not value:
        raise CredentialsError(f"{path}: {name} is missing or no text")
    return value
