// The uploaded page as CloudFront serves it: over HTTP/2, compressed, under its headers. node http2_site.mjs FOLDER KEY CERTIFICATE
import { readFileSync, readdirSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const [folder, key, certificate] = process.argv.slice(2);
const headers = JSON.parse(process.env.HEADERS ?? "{}");

const KINDS = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
  ".json": "application/json", ".webmanifest": "application/manifest+json", ".txt": "text/plain",
};

/** By path; a picture is compressed already. */
const files = new Map(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
  const path = join(entry.parentPath, entry.name);
  const content = readFileSync(path);
  const compressed = extname(path) !== ".png";
  const head = { "content-type": KINDS[extname(path)], ...(compressed && { "content-encoding": "br" }) };
  return [path.slice(folder.length), { head, body: compressed ? brotliCompressSync(content) : content }];
}));

const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) });
server.on("stream", (stream, { ":path": asked }) => {
  const path = asked.split("?")[0];
  const file = files.get(path === "/" ? "/index.html" : path);
  const caching = path.startsWith("/v/") ? "max-age=31536000, immutable" : "no-cache";
  if (file === undefined) stream.respond({ ":status": 404 }, { endStream: true });
  else {
    stream.respond({ ":status": 200, "cache-control": caching, ...headers, ...file.head });
    stream.end(file.body);
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
