// Makes the page that is uploaded of the one that is written: node bundle.mjs FRONTEND OUTPUT
//
// Each document keeps its address. The files that it names are bundled and minified: its scripts with all that they
// import, and each row of neighbouring stylesheets. Modules that are imported later (a language, the call) stay in
// files of their own. The page's first row stands in the page itself, so that its first paint waits for nothing else;
// and once more in front of its last row, for the moments of a deployment in which the policy still names the styles of
// before.
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

const [frontend, output] = process.argv.slice(2);

// The oldest syntax that the page itself is written in: minifying must not reach for newer one.
const TARGET = "es2022";
const WORKER = "service-worker.js";
// Workers that are started by their address, each in a file of its own.
const SOLVERS = ["solver.js"];
const INLINED = "index.html";

const STYLESHEETS = /(?:[ \t]*<link rel="stylesheet" href="\/[^"]+">\n)+/g;
const STYLESHEET = /href="\/([^"]+)"/g;
const SCRIPT = /<script type="module"[^>]* src="\/([^"]+)">/g;

const common = { absWorkingDir: frontend, bundle: true, minify: true, target: TARGET, charset: "utf8", logLevel: "error" };
// An address in a stylesheet stays as it is, for site_files.py to move.
const addresses = { name: "addresses", setup: ({ onResolve }) => onResolve({ filter: /^\// }, ({ kind }) => kind === "url-token" && { external: true }) };

const names = (await readdir(frontend, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(frontend.length + 1).replaceAll("\\", "/"));

/** Each row of stylesheets as a list of strings, and the one that it became. @type {Map<string, string>} */
const bundles = new Map();

for (const name of names.filter((each) => !/\.(js|mjs|css|ts)$/.test(each))) await cp(join(frontend, name), join(output, name));
for (const name of names.filter((each) => each.endsWith(".html"))) {
  const written = await readFile(join(frontend, name), "utf8");
  const styled = name === INLINED ? await inlineStyles(written) : await bundleStyles(written);
  await writeFile(join(output, name), await bundleScripts(styled));
}
if (names.includes(WORKER)) await bundleWorker();
const solvers = SOLVERS.filter((name) => names.includes(name));
await build({ ...common, entryPoints: solvers, outdir: output, outbase: frontend, format: "esm" });

/** Write the first row into the page, and again at the head of the last one. */
async function inlineStyles(page) {
  const [[first], ...others] = page.matchAll(STYLESHEETS);
  if (others.length === 0) return bundleStyles(page);
  const { outputFiles } = await build({ ...common, stdin: styleOf(first), write: false, plugins: [addresses] });
  const last = others.at(-1)[0];
  const twice = page.replace(last, first + last).replace(first, "  <!--early-->\n");
  return (await bundleStyles(twice)).replace("<!--early-->", () => `<style>${outputFiles[0].text.trim()}</style>`);
}

/** The bundle that esbuild makes of a row of stylesheets. */
function styleOf(row) {
  const contents = [...row.matchAll(STYLESHEET)].map(([, path]) => `@import "./${path}";`).join("\n");
  return { contents, loader: "css", resolveDir: frontend };
}

/** Bundle each row of stylesheets into one that is named after the last of them, once for all documents that share it. */
async function bundleStyles(page) {
  let styled = page;
  for (const [row] of page.matchAll(STYLESHEETS)) {
    const wanted = [...row.matchAll(STYLESHEET)].map(([, path]) => path);
    const bundled = wanted.at(-1);
    const listed = wanted.map((path) => `"/${path}"`).join(", ");
    if (!bundles.has(listed)) {
      if ([...bundles.values()].includes(`"/${bundled}"`)) throw new Error(`Two different rows of stylesheets end with ${bundled}.`);
      await build({ ...common, stdin: styleOf(row), outfile: join(output, bundled), plugins: [addresses] });
      bundles.set(listed, `"/${bundled}"`);
    }
    styled = styled.replace(row, `  <link rel="stylesheet" href="/${bundled}">\n`);
  }
  return styled;
}

/** Bundle the scripts of a document together, and name what they share, so that all is fetched at once. */
async function bundleScripts(page) {
  const entryPoints = [...page.matchAll(SCRIPT)].map(([, path]) => path);
  if (entryPoints.length === 0) return page;
  const { metafile } = await build({
    ...common, entryPoints, outdir: output, outbase: frontend, format: "esm", splitting: true,
    entryNames: "[dir]/[name]", chunkNames: "chunks/[name]-[hash]", metafile: true,
  });
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, made]) => [path, made.imports.filter(({ kind }) => kind === "import-statement")]),
  );
  const needed = new Set();
  const follow = (path) => outputs.get(path).forEach((each) => !needed.has(each.path) && needed.add(each.path) && follow(each.path));
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) if (entryPoints.includes(entryPoint)) follow(path);
  const links = [...needed].sort().map((path) => `  <link rel="modulepreload" href="/${path.slice(path.indexOf("chunks/"))}">\n`);
  return page.replace("</head>", () => `${links.join("")}</head>`);
}

/** The service worker keeps what a document names, so it names the bundle where it named the row. */
async function bundleWorker() {
  let contents = await readFile(join(frontend, WORKER), "utf8");
  for (const [row, bundled] of bundles) contents = contents.replace(row, bundled);
  await build({ ...common, stdin: { contents, resolveDir: frontend }, outfile: join(output, WORKER), format: "iife" });
}
