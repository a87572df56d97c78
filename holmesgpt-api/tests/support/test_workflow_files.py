"""What the files of test/workflows become, and what is wrong with a wrong one."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from workflow_files import WORKFLOWS, WorkflowFilesError, requests_of

SAMPLE = "pvc-expand-v1.yaml"

Edit = Callable[[str, str], Path]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """A folder with one file, changed in one place."""

    def change(old: str, new: str) -> Path:
        text = (WORKFLOWS / SAMPLE).read_text()
        assert old in text
        (tmp_path / SAMPLE).write_text(text.replace(old, new, 1))
        return tmp_path

    return change


def test_every_file_becomes_a_request_whose_hash_is_its_contents() -> None:
    requests = requests_of()

    assert len(requests) == len(list(WORKFLOWS.glob("*.yaml"))) == 11
    for request in requests:
        content = (WORKFLOWS / f"{request['workflow_name']}.yaml").read_bytes()
        assert request["content"].encode() == content
        assert request["content_hash"] == hashlib.sha256(content).hexdigest()
    assert [r["workflow_name"] for r in requests] == sorted(r["workflow_name"] for r in requests)


def test_image_labels_and_parameters_are_derived_from_the_file(edit: Edit) -> None:
    (request,) = requests_of(edit("    required: true\n", ""))

    assert request["container_image"] == "ghcr.io/kubernaut/workflows/pvc-expand:v1.0.0"
    assert request["container_digest"].startswith("sha256:")
    assert request["labels"]["environment"] == ["production", "staging"]
    assert request["parameters"]["schema"]["parameters"][0] == {
        "name": "NAMESPACE",
        "type": "string",
        "required": False,
        "description": "Namespace of the target.",
    }
    assert "pattern" in request["parameters"]["schema"]["parameters"][2]


def test_what_is_empty_and_optional_is_left_out(edit: Edit) -> None:
    (request,) = requests_of(edit("owner: platform-sre", 'owner: ""'))

    assert "owner" not in request
    assert request["maintainer"] == "platform-sre@kubernaut.ai"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: high", "severity: urgent", 'labels.severity is "urgent", expected one of crit'),
        ('["production", ', '["prod", ', 'labels.environment[0] is "prod"'),
        ('["production", "staging"]', "[]", "labels.environment has fewer than 1 entries"),
        ("  owner:", "  owned_by:", "metadata.owned_by is unknown"),
        ("  priority: P1\n", "", "labels.priority is missing"),
        ("name: pvc-expand-v1", "name: other", 'metadata.name is "other", expected one of pvc-'),
        ("version: 1.0.0", "version: 1.0", "metadata.version is 1.0, not of type string"),
        ("required: true", "required: 1", "parameters[0].required is 1, not of type boolean"),
        ("@sha256:", "@sha1:", "execution.bundle is"),
        ("kind:", "kind", "no YAML"),
        ("kind:", "kind: Twice\nkind:", "kind given twice"),
        ("version: 1.0.0", f"version: v{'1' * 50}", "version is longer than 50"),
    ],
)
def test_a_wrong_file_is_named_with_its_field(edit: Edit, old: str, new: str, message: str) -> None:
    with pytest.raises(WorkflowFilesError) as caught:
        requests_of(edit(old, new))

    assert SAMPLE in str(caught.value)
    assert message in str(caught.value)


def test_all_wrong_files_are_told_at_once(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("kind: Other")

    with pytest.raises(WorkflowFilesError, match=r"(?s)nothing was seeded.*a\.yaml.*b\.yaml"):
        requests_of(tmp_path)


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkflowFilesError, match="no workflow file found"):
        requests_of(tmp_path)
