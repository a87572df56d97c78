"""Errors of kube-auth.

KubeAuthError
    ReviewUnavailableError    the answer could not be had: 503, never cached
        TooManyReviewsError   the bound of reviews in flight is reached
    ConfigurationError        the service cannot start as it is configured
        CredentialsError      a kubeconfig or mount that can never be used as it is
        ContractError         the contract lacks or misspells its authorization
"""


class KubeAuthError(Exception):
    """Base of all errors of this package."""


class ReviewUnavailableError(KubeAuthError):
    """The API server could not be asked.

    `retry_after` is in whole seconds; `status` is the API server's, if it answered.
    """

    def __init__(self, reason: str, retry_after: int = 1, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = max(1, retry_after)
        self.status = status


class TooManyReviewsError(ReviewUnavailableError):
    """No review was sent because too many are under way."""


class ConfigurationError(KubeAuthError):
    """The service cannot start; the text names the setting, or the file and the field."""


class CredentialsError(ConfigurationError):
    """The credentials are there and malformed; the text names the file and the field."""


class ContractError(ConfigurationError):
    """The contract's `x-kubernetes-authorization` is missing or malformed."""
