"""Settings of kube-auth, read from the environment."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


class AuthSettings(BaseSettings):
    """How tokens are reviewed. Times are seconds; a TTL of 0 switches caching off."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    kubeconfig: Path | None = Field(None, validation_alias="KUBECONFIG")
    pod_namespace: str = Field(
        "", pattern=r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$", validation_alias="POD_NAMESPACE"
    )
    audiences: Annotated[tuple[str, ...], NoDecode] = Field(
        ("kubernaut",), validation_alias="KUBE_AUTH_AUDIENCES", min_length=1
    )
    yes_ttl: float = Field(10, ge=0, le=600, validation_alias="KUBE_AUTH_YES_TTL_SECONDS")
    no_ttl: float = Field(2, ge=0, le=600, validation_alias="KUBE_AUTH_NO_TTL_SECONDS")
    max_cached: int = Field(8192, ge=1, le=1_000_000, validation_alias="KUBE_AUTH_MAX_CACHED")
    max_in_flight: int = Field(64, ge=1, le=4096, validation_alias="KUBE_AUTH_MAX_IN_FLIGHT")
    review_timeout: float = Field(
        2.5, gt=0, le=60, validation_alias="KUBE_AUTH_REVIEW_TIMEOUT_SECONDS"
    )
    mode: Literal["enforce", "report"] = Field("enforce", validation_alias="KUBE_AUTH_MODE")
    refusals: float = Field(
        100, ge=0, le=1_000_000, validation_alias="KUBE_AUTH_REFUSALS_PER_SECOND"
    )

    @field_validator("audiences", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("kubeconfig", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("audiences")
    @classmethod
    def _well_formed(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        # An audience that nobody could have asked for would refuse everybody.
        if any(not part.isprintable() or " " in part for part in value):
            raise ValueError("an audience has no blanks and no control characters")
        return value

    def namespace(self) -> str:
        """The namespace of this service: the setting, else the mounted file, else `default`."""
        if self.pod_namespace:
            return self.pod_namespace
        try:
            return NAMESPACE_FILE.read_text().strip()
        except OSError:
            return "default"
