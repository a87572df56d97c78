"""Settings of the Mock LLM, read from the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the scenario file is and where to listen."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    config_path: Path = Field(validation_alias="MOCK_LLM_CONFIG_PATH")
    port: int = Field(8080, ge=0, le=65535, validation_alias="MOCK_LLM_PORT")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="LOG_LEVEL"
    )
