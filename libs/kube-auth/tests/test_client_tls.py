"""HTTPReviewClient over TLS: whom it trusts, and rotations while it runs."""

import asyncio
import base64
import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from kube_auth.client import HTTPReviewClient
from kube_auth.credentials import CredentialSource
from kube_auth.errors import ReviewUnavailableError

BODY = {"kind": "TokenReview"}


def serving(authority: trustme.CA) -> ssl.SSLContext:
    """A server's context whose certificate this authority signed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def embedded(authority: trustme.CA) -> dict[str, str]:
    pem = authority.cert_pem.bytes()
    return {"certificate-authority-data": base64.b64encode(pem).decode()}


async def create(client: HTTPReviewClient) -> dict[str, Any]:
    return await client.create("/reviews", BODY)


def test_the_authority_of_the_kubeconfig_is_trusted(api: Any) -> None:
    async def scenario() -> dict[str, Any]:
        authority = trustme.CA()
        api.tls = serving(authority)
        async with api:
            api.write_kubeconfig("service-token", **embedded(authority))
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            try:
                return await create(client)
            finally:
                await client.aclose()

    assert asyncio.run(scenario())["status"]["authenticated"] is True


@pytest.mark.parametrize("trusted", ["another", "system"])
def test_another_server_gets_neither_token_nor_retries(api: Any, trusted: str) -> None:
    async def scenario() -> None:
        api.tls = serving(trustme.CA())
        async with api:
            other = embedded(trustme.CA()) if trusted == "another" else {}
            api.write_kubeconfig("service-token", **other)
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            try:
                await create(client)
            finally:
                await client.aclose()

    with pytest.raises(ReviewUnavailableError, match="not trusted"):
        asyncio.run(scenario())
    assert api.requests == []


def test_a_server_of_another_name_is_not_trusted(api: Any) -> None:
    async def scenario() -> None:
        authority = trustme.CA()
        api.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("elsewhere.example").configure_cert(api.tls)
        async with api:
            api.write_kubeconfig("service-token", **embedded(authority))
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            try:
                await create(client)
            finally:
                await client.aclose()

    with pytest.raises(ReviewUnavailableError, match="not trusted"):
        asyncio.run(scenario())


def test_a_rotated_authority_holds_from_the_next_review_on(api: Any, tmp_path: Path) -> None:
    """The connection that the old authority opened is not used again."""
    first, second = trustme.CA(), trustme.CA()
    file = tmp_path / "ca.crt"

    def put(authority: trustme.CA) -> None:
        partial = file.with_suffix(".new")
        partial.write_bytes(authority.cert_pem.bytes())
        partial.replace(file)

    async def scenario() -> None:
        api.tls = serving(first)
        async with api:
            put(first)
            api.write_kubeconfig("service-token", **{"certificate-authority": "ca.crt"})
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            try:
                await create(client)
                put(second)
                with pytest.raises(ReviewUnavailableError, match="not trusted"):
                    await create(client)
                put(first)
                await create(client)
            finally:
                await client.aclose()

    asyncio.run(scenario())

    assert len(api.requests) == 2


def test_a_rotated_token_is_sent_with_the_next_review(api: Any) -> None:
    async def scenario() -> None:
        async with api:
            client = HTTPReviewClient(CredentialSource(api.kubeconfig, {}), 30)
            try:
                await create(client)
                api.write_kubeconfig("next-token")
                await create(client)
            finally:
                await client.aclose()

    asyncio.run(scenario())

    assert [sent for *_, sent in api.requests] == ["Bearer service-token", "Bearer next-token"]
