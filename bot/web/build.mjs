// Builds the page into dist/: everything local, nothing fetched at run time.
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";

const DIST = "dist";
const COPIED = [
  ["src/index.html", "index.html"],
  ["src/docs.html", "docs.html"],
  ["src/styles.css", "styles.css"],
  ["src/favicon.svg", "favicon.svg"],
  ["node_modules/swagger-ui-dist/swagger-ui.css", "swagger-ui.css"],
  ["node_modules/swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-bundle.js"],
];

await rm(DIST, { recursive: true, force: true });
await mkdir(DIST);
await build({
  entryPoints: ["src/main.js", "src/docs.js"],
  outdir: DIST,
  bundle: true,
  format: "esm",
  splitting: true, // charts load when the first one is shown
  minify: true,
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
});
await Promise.all(COPIED.map(([from, to]) => cp(from, `${DIST}/${to}`)));
