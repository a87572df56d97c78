"""What the fixtures of the tests are, for annotations."""

from collections.abc import Callable
from pathlib import Path

from browser.log import Log
from browser.page import Timeline

Open = Callable[..., Timeline]
Drawn = Callable[[str], tuple[Log, Path]]
