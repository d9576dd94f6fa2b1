// Builds the pages into dist/: everything local, nothing fetched at run time.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const DIST = "dist";
const COPIED = [
  ["src/index.html", "index.html"],
  ["src/widget.html", "widget.html"],
  ["src/docs.html", "docs.html"],
  ["src/favicon.svg", "favicon.svg"],
  ["node_modules/swagger-ui-dist/swagger-ui.css", "swagger-ui.css"],
  ["node_modules/swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-bundle.js"],
];
const COMMON = {
  outdir: DIST,
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
};

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
await Promise.all([
  build({
    ...COMMON,
    entryPoints: ["src/main.js", "src/frame.js", "src/docs.js", "src/theme-now.js"],
    format: "esm",
    splitting: true, // the chat and the charts load when they are needed
    loader: { ".css": "text" }, // styles inside of components
  }),
  // One classic script that leaves nothing behind on the page that it is put into.
  build({ ...COMMON, entryPoints: ["src/widget.js"], format: "iife", loader: { ".css": "text" } }),
  build({ ...COMMON, entryPoints: ["src/shell/page.css"], outdir: undefined, outfile: `${DIST}/page.css`, loader: { ".woff2": "file" }, assetNames: "[name]-[hash]" }),
  ...COPIED.map(([from, to]) => cp(from, `${DIST}/${to}`)),
]);

// A compressed one beside each, made here once instead of with every request.
const texts = (await readdir(DIST)).filter((name) => /\.(js|css|svg)$/.test(name));
await Promise.all(texts.map(async (name) => writeFile(`${DIST}/${name}.gz`, await promisify(gzip)(await readFile(`${DIST}/${name}`), { level: 9 }))));
