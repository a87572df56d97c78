"""`python -m datastorage`: serve until SIGINT or SIGTERM."""

from kube_auth import AuthSettings, ConfigurationError
from service_base.main import read_settings, run

from datastorage.app import create_app
from datastorage.settings import Settings

run(
    "datastorage",
    Settings,
    lambda settings: create_app(settings, auth=read_settings(AuthSettings)),
    lambda settings: settings.port,
    start_errors=(ConfigurationError,),
)
