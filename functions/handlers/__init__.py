"""Lambda's entry points. On Lambda they are made ready when they are loaded; nowhere else does that do anything."""

import os

if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
    from functions.chat.entry.warm_up import make_ready

    make_ready(os.environ)
