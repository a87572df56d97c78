"""`python -m holmesgpt_api`."""

from kube_auth import ConfigurationError
from service_base.main import run

from holmesgpt_api.app import create_app
from holmesgpt_api.settings import Settings

if __name__ == "__main__":
    run(
        "holmesgpt_api",
        Settings,
        create_app,
        lambda settings: settings.port,
        start_errors=(ConfigurationError,),
    )
