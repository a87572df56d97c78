"""Reads the scenario file of a run: workflow names and their ids.

`scenarios:` maps workflow_name, or workflow_name:environment, to an id.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mock_llm.scenarios import Scenario


class ConfigError(Exception):
    """The scenario file cannot be used; the message names file and remedy."""


def load_ids(path: Path, scenarios: Iterable[Scenario]) -> Mapping[str, str]:
    """Ids by workflow name. Raises ConfigError when a scenario's workflow has none."""
    try:
        document: Any = YAML(typ="safe", pure=True).load(path)
        entries = dict(document["scenarios"])
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except YAMLError as error:
        raise ConfigError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{path}: expected a map under `scenarios`: {error}") from error
    ids: dict[str, str] = {}
    for key, workflow_id in entries.items():
        name = str(key).partition(":")[0]
        if not isinstance(workflow_id, str) or not workflow_id:
            raise ConfigError(f"{path}: the id of {key} is not a non-empty string")
        if ids.setdefault(name, workflow_id) != workflow_id:
            raise ConfigError(f"{path}: {name} has two different ids; keep one")
    needed = {name for scenario in scenarios for name in scenario.workflow_names()}
    missing = sorted(needed - set(ids))
    if missing:
        raise ConfigError(f"{path}: no id for {', '.join(missing)}; seed them first")
    return ids
