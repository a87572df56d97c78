"""`python -m datastorage`: serve until SIGINT or SIGTERM; `verify` checks the audit trail."""

import sys

from kube_auth import AuthSettings, ConfigurationError
from service_base.main import read_settings, run

from datastorage import verify
from datastorage.app import create_app
from datastorage.settings import Settings

if sys.argv[1:2] == ["verify"]:
    raise SystemExit(verify.main(sys.argv[2:]))
run(
    "datastorage",
    Settings,
    lambda settings: create_app(settings, auth=read_settings(AuthSettings)),
    lambda settings: settings.port,
    start_errors=(ConfigurationError,),
)
