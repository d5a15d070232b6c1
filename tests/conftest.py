"""How properties are tested: anew each time by people, with the same examples each time in CI, never by the clock."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile("people", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("people"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "people")
os.environ["XDG_CONFIG_HOME"] = os.path.join(os.path.abspath(os.devnull), "none")  # nobody's own settings file counts here
DATA = tempfile.TemporaryDirectory(prefix="octet-tests-")  # nothing is kept, or counted as spent, where people keep theirs
os.environ["XDG_DATA_HOME"] = DATA.name
