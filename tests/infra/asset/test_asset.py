"""The Lambda asset: small, compiled, reproducible, and complete without anything else."""

from __future__ import annotations

import _imp  # the only way to the hash of another version of Python than this one
import ast
import gzip
import json
import marshal
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.loaders import Loader

from functions.routes import LAMBDAS
from infra.asset import asset, dependencies, trim

# Python 3.13's number in each compiled file (Lib/importlib/_bootstrap_external.py), little-endian, then \r\n.
MAGIC_OF_PYTHON_3_13 = (3571).to_bytes(2, "little") + b"\r\n"
UNCHECKED_HASH = 0b01

BUILD_SECONDS_MAX = 240
UNPACKED_BYTES_MAX = 20 * 1024 * 1024

pytestmark = pytest.mark.timeout(BUILD_SECONDS_MAX)


@pytest.fixture(scope="module")
def built() -> Path:
    """The asset as it is deployed."""
    return asset.build()


def test_everybody_may_read_all_of_it(built: Path) -> None:
    """Lambda runs it as a user of its own."""
    rights = {path.stat().st_mode & 0o777 for path in built.rglob("*")}

    assert rights == {0o755, 0o644}


def test_it_is_small(built: Path) -> None:
    """A bigger tree is slower to load from a cold disk."""
    assert sum(path.stat().st_size for path in built.rglob("*") if path.is_file()) <= UNPACKED_BYTES_MAX


def test_every_module_is_compiled_for_lambdas_python(built: Path) -> None:
    """Lambda's folder is read-only: a module that is not compiled here is compiled at each cold start.

    The hash is the source's and never checked, since a zip does not keep the times that Python would compare.
    """
    key = int.from_bytes(MAGIC_OF_PYTHON_3_13, "little")
    sources = list(built.rglob("*.py"))
    assert len(sources) > 400, "functions and all packages"
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        header = compiled.read_bytes()[:16]
        assert header[:4] == MAGIC_OF_PYTHON_3_13, source
        assert int.from_bytes(header[4:8], "little") == UNCHECKED_HASH, source
        assert header[8:] == _imp.source_hash(key, source.read_bytes()), source


def test_the_prepared_file_has_the_code_of_what_handlers_load(built: Path) -> None:
    """The same as in the compiled files, for the same Python, so that either will do."""
    content = (built / "prepared.bin").read_bytes()
    length = int.from_bytes(content[:8], "little")
    index, codes = marshal.loads(content[8 : 8 + length]), content[8 + length :]

    assert index["made_for"][0] == MAGIC_OF_PYTHON_3_13
    assert {"functions.handlers.relay", "botocore.client", "urllib3", "pynamodb.models"} <= set(index["modules"])
    for name, (is_package, offset, size) in index["modules"].items():
        path = built / name.replace(".", "/")
        source = path / "__init__.py" if is_package else path.with_suffix(".py")
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        assert codes[offset : offset + size] == compiled.read_bytes()[16:], name


def test_nothing_is_done_at_events_of_services_that_are_not_called(built: Path) -> None:
    """And everything is that is done for the others, or for all."""
    program = """if True:
        import sys; sys.path.insert(0, sys.argv[1])
        from botocore.handlers import BUILTIN_HANDLERS
        from botocore.utils import EVENT_ALIASES
        print([each[0] for each in BUILTIN_HANDLERS], EVENT_ALIASES, sep="|")
    """
    kept, aliases = _printed(program, str(built)).split("|")
    every = _printed(program, str(distribution("botocore").locate_file(""))).split("|")[0]
    wanted = {"s3", "sqs", "dynamodb", "apigatewaymanagementapi"}
    events = [each.split(".") for each in ast.literal_eval(every)]

    expected = [each for each in events if len(each) == 1 or (each[0] != "docs" and each[1] in wanted)]
    assert [each.split(".") for each in ast.literal_eval(kept)] == expected
    assert 20 < len(expected) < len(events) / 2
    assert ast.literal_eval(aliases) == {}


def _printed(program: str, *arguments: str) -> str:
    command = [sys.executable, "-S", "-B", "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_another_build_has_the_same_bytes(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unchanged product deploys nothing, on any machine."""
    monkeypatch.setattr(asset, "BUILDS", tmp_path)

    assert _contents(asset.build()) == _contents(built)


def test_every_handler_loads_from_it_alone(built: Path) -> None:
    """No package of this environment is needed: the asset holds all that the handlers import, and both clients."""
    program = (
        "import importlib\n"
        f"for path in {[route.handler_path for route in LAMBDAS]!r}:\n"
        "    module, _, name = path.rpartition('.')\n"
        "    assert callable(getattr(importlib.import_module(module), name)), path\n"
        "from functions.chat.aws import clients\n"
        "clients.dynamodb(), clients.management(), clients.queues()\n"
        "import sys\n"
        "slow = {'pydantic', 'aws_xray_sdk', 'OpenSSL', 'cryptography', 'importlib.metadata'} & set(sys.modules)\n"
        "assert not slow, slow\n"
    )
    environment = {"PYTHONPATH": str(built), "PYTHONDONTWRITEBYTECODE": "1", "AWS_DEFAULT_REGION": "eu-west-1"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr


def test_the_operations_that_are_kept_are_those_that_are_called() -> None:
    """A new call is seen here: it needs a line in trim.OPERATIONS and, most likely, one in the permissions."""
    loader = Loader()
    by_method = {
        xform_name(operation): (service, operation)
        for service in trim.OPERATIONS
        for operation in loader.load_service_model(service, "service-2")["operations"]
    }
    called = {by_method[name] for name in _attributes_called(asset.FUNCTIONS) if name in by_method}
    kept = {(service, operation) for service, operations in trim.OPERATIONS.items() for operation in operations}

    assert called <= kept


def test_the_kept_part_of_botocores_models_is_unchanged(built: Path) -> None:
    """Trimming leaves out operations, unused shapes and prose, and changes no value."""
    for service, operations in trim.OPERATIONS.items():
        (path,) = (built / "botocore" / "data" / service).glob("*/service-2.json")
        trimmed = json.loads(path.read_text())
        original = _model_in_package(service, path.parent.name)

        assert set(trimmed["operations"]) == set(operations)
        assert trimmed["metadata"] == original["metadata"]
        for name, operation in trimmed["operations"].items():
            assert operation == trim._without_documentation(original["operations"][name])
        for name, shape in trimmed["shapes"].items():
            assert shape == trim._without_documentation(original["shapes"][name])


def _model_in_package(service: str, version: str) -> dict[str, Any]:
    """Return a model as its file has it: the loader changes some, before and after trimming alike."""
    packed = Path(Loader.BUILTIN_DATA_PATH) / service / version / "service-2.json.gz"
    model: dict[str, Any] = json.loads(gzip.decompress(packed.read_bytes()))
    return model


def test_only_amazons_authorities_are_trusted(built: Path) -> None:
    """Seven certificates instead of a hundred and twenty are read for each new connection."""
    bundle = (built / "botocore" / "cacert.pem").read_text()

    assert bundle.count("BEGIN CERTIFICATE") == len(trim.AUTHORITIES)
    for authority in trim.AUTHORITIES:
        assert f"# {authority}\n" in bundle


def test_trimming_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who doubts it deploys botocore as it came."""
    monkeypatch.setattr(asset, "BUILDS", tmp_path)
    monkeypatch.setattr(asset, "_compile", lambda folder: None)  # which takes seconds, and changes no source
    built = asset.build(trim_botocore=False, small_ca_bundle=False)
    whole, http2 = built / "botocore", "urllib3/http2/__init__.py"
    installed = Path(str(distribution("botocore").locate_file("botocore")))

    assert (whole / "cacert.pem").read_bytes() == (installed / "cacert.pem").read_bytes()
    assert {path.name for path in (whole / "data").iterdir()} == {path.name for path in (installed / "data").iterdir()}
    assert (built / http2).read_bytes() == Path(str(distribution("urllib3").locate_file(http2))).read_bytes()


def test_a_package_that_was_changed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The asset has the files that pip installed by their hashes, not those that a developer tried out."""
    monkeypatch.setattr(dependencies, "_recorded_form", lambda content, algorithm: "another")

    with pytest.raises(dependencies.AssetError, match=r"is not what jmespath .+ came with"):
        list(dependencies.files(distribution("jmespath")))


def test_machine_code_of_this_computer_is_refused() -> None:
    """The Lambdas have another processor."""
    with pytest.raises(dependencies.AssetError, match="greenlet has machine code"):
        list(dependencies.files(distribution("greenlet")))


def test_another_version_than_the_wanted_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that was not updated says so, instead of deploying something untested."""
    wanted = tmp_path / "requirements-lambda.in"
    wanted.write_text("jmespath==0.1  # old\n")
    monkeypatch.setattr(dependencies, "WANTED", wanted)

    with pytest.raises(dependencies.AssetError, match=r"is installed, jmespath==0\.1 is wanted"):
        dependencies.closure()


def test_the_app_synthesises_without_credentials_network_or_docker(tmp_path: Path) -> None:
    """A checkout and its environment are enough: every way to AWS, to a registry and to Docker leads nowhere."""
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": str(Path(sys.executable).parent),
        "HOME": str(tmp_path),
        "CDK_OUTDIR": str(tmp_path / "cdk.out"),
        # The unpacking of the CDK's own packages takes longer than the synthesis.
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(Path.home() / ".cache" / "aws" / "jsii" / "package-cache"),
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "AWS_ENDPOINT_URL": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "npm_config_offline": "true",
    }
    done = subprocess.run(
        [sys.executable, "-m", "infra.stack.app"],
        cwd=dependencies.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS_MAX,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cdk.out" / "Passerby.template.json").exists()


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _attributes_called(folder: Path) -> set[str]:
    """Return the names of all methods that are called in a folder's modules."""
    trees = [ast.parse(path.read_text()) for path in folder.rglob("*.py")]
    calls = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {each.attr for each in calls if isinstance(each, ast.Attribute)}
