"""Settings of the service, read once from the environment."""

from pathlib import Path
from typing import Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CONTRACT = Path(__file__).with_name("openapi.yaml")


class Settings(BaseSettings):
    """What the service needs to know."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    database_url: SecretStr = Field(validation_alias="DATABASE_URL", min_length=1)
    owner_url: SecretStr | None = Field(None, validation_alias="DATABASE_OWNER_URL", min_length=1)
    pool_size: int = Field(10, ge=1, le=200, validation_alias="DATABASE_POOL_SIZE")
    anchor_file: Path | None = Field(None, validation_alias="AUDIT_ANCHOR_FILE")
    anchor_seconds: float = Field(60, gt=0, le=86_400, validation_alias="AUDIT_ANCHOR_SECONDS")
    port: int = Field(8089, ge=0, le=65535, validation_alias="DATASTORAGE_PORT")
    contract: Path = Field(CONTRACT, validation_alias="API_CONTRACT")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="LOG_LEVEL"
    )

    @field_validator("database_url", "owner_url")
    @classmethod
    def _parses(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        try:
            conninfo_to_dict(value.get_secret_value())
        except psycopg.ProgrammingError:
            # The parser's own message repeats the URL, which may hold a password.
            raise ValueError("is not a PostgreSQL connection string") from None
        return value
