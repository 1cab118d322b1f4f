// Runs bytecode.py in Pyodide: node bytecode.mjs DIRECTORY PYTHON_VERSION, regular expressions in Python's writing on stdin
//
// Pyodide is CPython itself, compiled to WebAssembly, so its compiler writes what Lambda's Python reads, on any machine
// and the same bytes every time.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [directory, version] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.mkdirTree("/asset");
python.FS.mount(python.FS.filesystems.NODEFS, { root: directory }, "/asset");
python.globals.set("version", version);
python.globals.set("expressions", readFileSync(0, "utf8"));
python.runPython(readFileSync(new URL("bytecode.py", import.meta.url), "utf8"));
python.runPython(`
import ast
main("/asset", version, ast.literal_eval(expressions))
`);
