"""Where the API server is and how this service proves itself to it.

Credentials come from a kubeconfig or from the mounted ServiceAccount. Files may
appear later and may rotate: they are read again when they change.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kube_auth.errors import CredentialsError, ReviewUnavailableError
from kube_auth.kubeconfig import Parts, read_kubeconfig, read_token

MOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
# A file that is rewritten within one tick of the file system's clock looks
# unchanged, so that even an unchanged one is read again from time to time.
MAX_AGE_SECONDS = 60
log = logging.getLogger("kube_auth")
Stamp = tuple[tuple[Path, int, int, int], ...]


@dataclass(frozen=True)
class Credentials:
    """One consistent reading of the credential files."""

    server: str
    tls: ssl.SSLContext | None
    token: str = field(repr=False)


class CredentialSource:
    """Reads credentials, and reads them again when a file behind them changed."""

    def __init__(
        self,
        kubeconfig: Path | None,
        env: Mapping[str, str],
        mount: Path = MOUNT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kubeconfig = kubeconfig
        self._env = env
        self._mount = mount
        self._clock = clock
        self._stamp: Stamp = ()
        self._read_at = 0.0
        self._parts: Parts | None = None
        self._current: Credentials | None = None
        self._problem: str | None = None

    def load(self) -> Credentials:
        """The credentials as of now. Raises ReviewUnavailableError while there are none."""
        if self._current is not None and self._is_fresh():
            return self._current
        try:
            current = self._reload()
        except (OSError, CredentialsError) as error:
            self._stamp, self._parts, self._current = (), None, None
            problem = self._describe(error)
            self._report(problem)
            raise ReviewUnavailableError(f"no credentials: {problem}") from None
        self._report(None)
        return current

    def problem(self) -> str | None:
        """Why there are no credentials now, naming the file; None when there are some."""
        try:
            self.load()
        except ReviewUnavailableError as error:
            return str(error)
        return None

    def check(self) -> None:
        """Raise CredentialsError when files are there and malformed; missing ones may come."""
        try:
            _tls(self._read())
        except FileNotFoundError:
            return
        except OSError as error:
            raise CredentialsError(self._describe(error)) from None

    def _is_fresh(self) -> bool:
        if self._clock() - self._read_at >= MAX_AGE_SECONDS:
            return False
        return bool(self._stamp) and self._stamp == _stat(path for path, *_ in self._stamp)

    def _reload(self) -> Credentials:
        # The stamp is older than what is kept: a change in between is seen next time.
        stamp = _stat(self._read().files)
        parts = self._read()
        # Equal parts keep the TLS context and with it the connections.
        if self._current is None or parts != self._parts:
            self._current = Credentials(parts.server, _tls(parts), parts.token)
        self._stamp, self._parts, self._read_at = stamp, parts, self._clock()
        return self._current

    def _read(self) -> Parts:
        if self._kubeconfig is not None:
            return read_kubeconfig(self._kubeconfig)
        return _from_mount(self._mount, self._env)

    def _describe(self, error: Exception) -> str:
        if isinstance(error, OSError):
            file = error.filename or self._kubeconfig or self._mount
            return f"{file}: {error.strerror or type(error).__name__}"
        return str(error)

    def _report(self, problem: str | None) -> None:
        """Log each new problem once, and its end."""
        if problem == self._problem:
            return
        self._problem = problem
        if problem is None:
            source = str(self._kubeconfig or self._mount)
            log.info("credentials are there", extra={"source": source})
        else:
            log.warning("no credentials", extra={"reason": problem})


def _stat(paths: Iterable[Path]) -> Stamp:
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            return ()
        found.append((path, status.st_mtime_ns, status.st_ino, status.st_size))
    return tuple(found)


def _tls(parts: Parts) -> ssl.SSLContext | None:
    if not parts.server.startswith("https:"):
        return None
    try:
        if parts.authority is not None and not parts.authority.strip():
            # OpenSSL would take the system's authorities instead of none.
            raise ValueError("empty")
        return ssl.create_default_context(cadata=parts.authority)
    except (ssl.SSLError, ValueError):
        raise CredentialsError(
            f"{parts.authority_file}: the certificate authority is no PEM certificate"
        ) from None


def _from_mount(mount: Path, env: Mapping[str, str]) -> Parts:
    token, authority = mount / "token", mount / "ca.crt"
    for name in ("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"):
        if not env.get(name):
            raise CredentialsError(
                f"{name} is not set and KUBECONFIG neither; outside a pod set KUBECONFIG"
            )
    host, port = env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"]
    if ":" in host:
        host = f"[{host}]"
    pem = authority.read_text()
    return Parts(f"https://{host}:{port}", pem, authority, read_token(token), (token, authority))
