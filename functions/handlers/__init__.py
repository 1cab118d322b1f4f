"""Lambda's entry points. On Lambda they are made ready when they are loaded; elsewhere loading them does nothing."""

import os

if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
    try:
        import prepared  # type: ignore[import-not-found]  # the asset has it (infra/asset/prepared.py)
    except ImportError:
        pass  # no asset, but a checkout
    else:
        prepared.install()

    from functions.chat.entry.warm_up import make_ready

    make_ready(os.environ)
