"""Lambda's entry points, one for each route."""

import os

from functions.chat.entry.readiness import make_ready

make_ready(os.environ)
