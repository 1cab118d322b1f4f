"""`python -m infra.local`: see `--help`."""

import sys

from infra.local import stopping

PYTHON_MIN = (3, 11)


def main() -> int:
    stopping.end_at_once()
    # Before anything else is imported: the rest does not even parse with an old Python.
    if sys.version_info < PYTHON_MIN:
        found = ".".join(str(part) for part in sys.version_info[:3])
        return fail("Passerby needs Python 3.11 or newer; this is Python " + found + ".")
    try:
        from infra.local.command import run  # noqa: PLC0415 - see above
    except ModuleNotFoundError as missing:
        return fail("The Python package " + str(missing.name) + " is missing; `make run` installs what is needed.")
    return run(sys.argv[1:])


def fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
