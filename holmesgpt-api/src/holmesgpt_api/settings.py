"""Settings of the service, read once from the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CONTRACT = Path(__file__).with_name("openapi.yaml")


class Settings(BaseSettings):
    """What the service needs to know; times are seconds."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    data_storage_url: HttpUrl = Field(validation_alias="DATA_STORAGE_URL")
    data_storage_token_file: Path = Field(
        Path("/var/run/secrets/kubernetes.io/serviceaccount/token"),
        validation_alias="DATA_STORAGE_TOKEN_FILE",
    )
    data_storage_timeout: float = Field(
        10, gt=0, le=60, validation_alias="DATA_STORAGE_TIMEOUT_SECONDS"
    )
    llm_endpoint: HttpUrl = Field(validation_alias="LLM_ENDPOINT")
    llm_model: str = Field("mock-model", min_length=1, validation_alias="LLM_MODEL")
    llm_provider: str = Field("openai", min_length=1, validation_alias="LLM_PROVIDER")
    llm_api_key: SecretStr = Field(SecretStr("unset"), validation_alias="OPENAI_API_KEY")
    llm_ca_file: Path | None = Field(None, validation_alias="LLM_CA_FILE")
    port: int = Field(30120, ge=0, le=65535, validation_alias="HAPI_PORT")
    request_deadline: float = Field(
        60, gt=0, le=600, validation_alias="HAPI_REQUEST_DEADLINE_SECONDS"
    )
    max_in_flight: int = Field(32, ge=1, le=256, validation_alias="HAPI_MAX_IN_FLIGHT")
    outbox_path: Path = Field(
        Path("/var/lib/holmesgpt-api/outbox"), validation_alias="HAPI_OUTBOX_PATH"
    )
    outbox_max_bytes: int = Field(
        256 * 1024 * 1024, ge=8 * 1024 * 1024, validation_alias="HAPI_OUTBOX_MAX_BYTES"
    )
    outbox_drain: float = Field(5, ge=0, le=600, validation_alias="HAPI_OUTBOX_DRAIN_SECONDS")
    contract: Path = Field(CONTRACT, validation_alias="API_CONTRACT")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="LOG_LEVEL"
    )

    def base_url(self) -> str:
        """DataStorage's URL without a trailing slash."""
        return str(self.data_storage_url).rstrip("/")

    def llm_base_url(self) -> str:
        """The LLM's base URL without a trailing slash."""
        return str(self.llm_endpoint).rstrip("/")
