"""Which files of the repository lean on which: Python by imports, the page by imports, everything else by name. Pure.

A test that reads `cdk.json` or `protocol.md` names the file in its text, so a name counts as an import. That finds too
much rather than too little.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

Texts = Mapping[str, str]  # path from the repository's root -> contents
Graph = dict[str, set[str]]  # a file -> the files that lean on it

JAVASCRIPT_IMPORT = re.compile(r"""(?:from|import|import\()\s*["'](\.{1,2}/[^"']+)["']""")


def leaning(texts: Texts) -> Graph:
    """Return for each file which others lean on it directly."""
    graph: Graph = {path: set() for path in texts}
    named = {path.rpartition("/")[2]: path for path in texts if not path.endswith((".py", ".js"))}
    for path, text in texts.items():
        for needed in _needs(path, text, texts, named):
            if needed in graph and needed != path:
                graph[needed].add(path)
    return graph


def _needs(path: str, text: str, texts: Texts, named: Mapping[str, str]) -> Iterator[str]:
    if path.endswith(".js"):
        yield from (posixpath.normpath(posixpath.join(path, "..", each)) for each in JAVASCRIPT_IMPORT.findall(text))
    if not path.endswith(".py"):
        return
    yield from (file for name, file in named.items() if name in text)
    folder = path.rpartition("/")[0]
    while folder:  # pytest gives a test the fixtures of every folder above it
        yield f"{folder}/conftest.py"
        folder = folder.rpartition("/")[0]
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return  # its importer says so
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            stem = module.replace(".", "/")
            yield from (file for file in (f"{stem}.py", f"{stem}/__init__.py") if file in texts)


def distances(graph: Graph, changed: Iterable[str]) -> dict[str, int]:
    """Return how far each file is from what changed, over as few others as possible; itself: 0."""
    found = dict.fromkeys(changed, 0)
    queue = deque(found)
    while queue:
        path = queue.popleft()
        for next_path in sorted(graph.get(path, ())):
            if next_path not in found:
                found[next_path] = found[path] + 1
                queue.append(next_path)
    return found
