// Compiles every .py under the given directory for the Lambda runtime: node bytecode.mjs DIRECTORY PYTHON_VERSION
//
// Bytecode belongs to one minor version of Python, and the operator's may be another than Lambda's. Pyodide is CPython
// itself, compiled to WebAssembly, so its compiler writes what Lambda's Python reads, on any machine and the same bytes
// every time. The files carry an unchecked hash instead of a time, which a zip would not keep.
import { loadPyodide } from "pyodide";

const [directory, version] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.mkdirTree("/asset");
python.FS.mount(python.FS.filesystems.NODEFS, { root: directory }, "/asset");
python.globals.set("version", version);
python.runPython(`
import compileall, os, py_compile, sys
assert sys.version.startswith(version + "."), f"this Pyodide is Python {sys.version}, the Lambdas run {version}"
os.chdir("/asset")
compiled = compileall.compile_dir(
    ".",
    maxlevels=20,
    quiet=1,
    ddir="/var/task",
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
assert compiled, "a file of the asset does not compile"
`);
