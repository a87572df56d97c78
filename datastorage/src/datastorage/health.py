"""Health and metrics; none of them asks the Kubernetes API."""

from fastapi import APIRouter
from kube_auth import Reviewer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from datastorage.database import Database
from datastorage.problems import ReviewsUnavailableError


def health_routes(database: Database, reviewer: Reviewer) -> APIRouter:
    """The routes that need no token."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> Response:
        await database.check()
        return JSONResponse({"status": "healthy", "database": "connected"})

    @router.get("/health/live")
    async def live() -> Response:
        return JSONResponse({"status": "alive"})

    @router.get("/health/ready")
    async def ready() -> Response:
        await database.check()
        # Only whether the credentials are there; a request would be refused without them.
        missing = reviewer.not_ready()
        if missing is not None:
            raise ReviewsUnavailableError(missing)
        return JSONResponse({"status": "ready", "database": "connected"})

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
