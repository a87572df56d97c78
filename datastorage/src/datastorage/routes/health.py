"""Health and metrics: answered without a token and without the Kubernetes API."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

router = APIRouter()


@router.get("/health")
async def health(request: Request) -> dict[str, str]:
    """Healthy when the database answers."""
    await request.app.state.database.check()
    return {"status": "healthy", "database": "connected"}


@router.get("/health/ready")
async def ready(request: Request) -> dict[str, str]:
    """Ready when the schema is up to date and the database answers."""
    await request.app.state.database.check()
    return {"status": "ready"}


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Alive when this is answered at all."""
    return {"status": "alive"}


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
