"""Let copies of the packages load rarely used modules at their first use: a build step, made for named versions.

Each of these modules is loaded at every start, and this product uses none of it in an ordinary call: XML, files of
configuration, other programs, dates in any writing. Together they are a fifth of a cold start. The lines were chosen
by reading these versions; the build refuses any other, until somebody has read that one (docs/performance.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.metadata import Distribution
from pathlib import Path

from infra.asset.dependencies import AssetError

MADE_FOR: Mapping[str, str] = {"botocore": "1.43.106", "pynamodb": "6.1.0", "aws-lambda-powertools": "3.37.0"}

# Lines `import x` that become `x = Later("x")`: each use of x in the module is in a function.
MODULES: Mapping[str, tuple[str, ...]] = {
    "botocore/auth.py": ("calendar",),
    "botocore/compat.py": ("shlex",),
    "botocore/configloader.py": ("configparser", "shlex"),
    "botocore/credentials.py": ("subprocess", "getpass"),
    "botocore/paginate.py": ("jmespath",),
    "botocore/regions.py": ("jmespath",),
    "botocore/serialize.py": ("calendar", "decimal"),
    "botocore/utils.py": ("tempfile",),
    "botocore/waiter.py": ("jmespath",),
    "pynamodb/attributes.py": ("calendar",),
}

# Lines that name what they import from a module, and what stands for them; each pair is of one file.
_XML = "ETree = Later('xml.etree.ElementTree')\n"
_POWERTOOLS = "aws_lambda_powertools"
LINES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "botocore/compat.py": (("import xml.etree.ElementTree as ETree\nXMLParseError = ETree.ParseError\n", _XML),),
    "botocore/handlers.py": (("    XMLParseError,\n", ""), ("except XMLParseError", "except ETree.ParseError")),
    "botocore/parsers.py": (
        ("import ETree, XMLParseError\n", "import ETree\n"),
        ("except XMLParseError", "except ETree.ParseError"),
    ),
    "botocore/response.py": (("    XMLParseError,  # noqa: F401\n", ""),),
    "botocore/serialize.py": (
        ("from xml.etree import ElementTree\n", "ElementTree = Later('xml.etree.ElementTree')\n"),
    ),
    "botocore/utils.py": (
        ("from urllib.request import getproxies, proxy_bypass\n", "_request = Later('urllib.request')\n"),
        (" getproxies()", " _request.getproxies()"),
        ("if proxy_bypass(", "if _request.proxy_bypass("),
        ("from pathlib import Path\n", "pathlib = Later('pathlib')\n"),
        (" = Path(", " = pathlib.Path("),
        # dateutil loads its modules by itself when they are asked for.
        ("import dateutil.parser\n", "import dateutil\n"),
    ),
    "botocore/tokens.py": (("import dateutil.parser\n", "import dateutil\n"),),
    "botocore/credentials.py": (
        ("import dateutil.parser\nfrom dateutil.parser import parse\n", "import dateutil\n"),
        (" parse(", " dateutil.parser.parse("),
        # Only a profile in a file of configuration names a program or asks somebody for a number.
        ("popen=subprocess.Popen)", "popen=lambda *words, **options: subprocess.Popen(*words, **options))"),
        ("prompter=getpass.getpass,", "prompter=lambda question: getpass.getpass(question),"),
    ),
    "botocore/httpsession.py": (
        ("from concurrent.futures import CancelledError\n", "_futures = Later('concurrent.futures')\n"),
        ("except CancelledError", "except _futures.CancelledError"),
    ),
    # Parameters are not validated (functions/chat/aws/clients.py).
    "botocore/validate.py": (("import decimal\n", ""), ("(float, decimal.Decimal, int)", "(float, int)")),
    f"{_POWERTOOLS}/logging/logger.py": (
        (
            "from aws_lambda_powertools.utilities import jmespath_utils\n",
            "jmespath_utils = Later('aws_lambda_powertools.utilities.jmespath_utils')\n",
        ),
    ),
    f"{_POWERTOOLS}/shared/functions.py": (
        ("from pathlib import Path\n", "pathlib = Later('pathlib')\n"),
        ("str(Path", "str(pathlib.Path"),
    ),
    f"{_POWERTOOLS}/__init__.py": (
        ("from pathlib import Path\n", ""),
        ("PACKAGE_PATH = Path(__file__).parent\n", ""),
        ("from aws_lambda_powertools.tracing import Tracer\n", ""),
        ('    "Tracer",\n', ""),
    ),
}
_LATER = "from later import Later\n"


def defer(folder: Path, packages: Sequence[Distribution]) -> None:
    """Edit the copies of the packages in a folder."""
    for package in packages:
        read = MADE_FOR.get(package.name.replace("_", "-"), package.version)
        if package.version != read:
            raise AssetError(
                f"infra/asset/defer.py was made for {package.name} {read}, and {package.version} is installed: "
                "read whether its lines still do what they say, then name that version in MADE_FOR."
            )
    for path in sorted({*MODULES, *LINES}):
        text = (folder / path).read_text()
        for name in MODULES.get(path, ()):
            text = _replaced(path, text, f"import {name}\n", f"{name} = Later('{name}')\n")
        for before, after in LINES.get(path, ()):
            text = _replaced(path, text, before, after)
        if "Later(" in text:
            # Before the first import, and so behind the module's own words and its imports from the future.
            text = re.sub(r"^(?=import |from (?!__future__)|\w+ = Later\()", _LATER, text, count=1, flags=re.MULTILINE)
        (folder / path).write_text(text)


def _replaced(path: str, text: str, before: str, after: str) -> str:
    if before not in text:
        raise AssetError(f"infra/asset/defer.py finds no {before!r} in {path}.")
    return text.replace(before, after)
