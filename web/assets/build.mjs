// Builds everything that browsers load: `npm ci`, then `node build.mjs`.
// Names carry a hash of their content, so that browsers may keep them for ever; manifest.json
// says which name is current. The folder is made aside and swapped in at the end: a page served
// meanwhile never finds half of it.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { drawIcon } from "./app-icons.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "static");
const draft = path.join(here, "node_modules", ".static-draft");
const documentFonts = path.join(here, "..", "..", "fablab_hub", "fonts");
const modules = path.join(here, "node_modules");
const manifest = {};

// `@import "colours:"` becomes custom properties for each theme. A theme that somebody chose wins
// over what their device asks for; strong contrast wins over both.
const colours = {
  name: "colours",
  setup(bundler) {
    bundler.onResolve({ filter: /^colours:$/ }, () => ({ path: "colours", namespace: "colours" }));
    bundler.onLoad({ filter: /.*/, namespace: "colours" }, async () => {
      const themes = JSON.parse(await readFile(path.join(here, "colours.json"), "utf8"));
      const set = (theme, selector) =>
        `${selector}{${Object.entries(themes[theme])
          .map(([name, value]) => `--${name}:${value};`)
          .join("")}}`;
      const dark = '[data-theme="dark"]';
      const light = '[data-theme="light"]';
      const strong = '[data-contrast="more"]';
      const wantsDark = "(prefers-color-scheme: dark)";
      const wantsStrong = "(prefers-contrast: more)";
      return {
        loader: "css",
        contents: [
          set("light", ":root"),
          `@media ${wantsDark}{${set("dark", `:root:not(${light})`)}}`,
          set("dark", `:root${dark}`),
          set("strong", `:root${strong}`),
          `@media ${wantsStrong}{${set("strong", ":root")}}`,
          `@media ${wantsDark}{${set("strong-dark", `:root${strong}:not(${light})`)}}`,
          set("strong-dark", `:root${strong}${dark}`),
          `@media ${wantsStrong}{${set("strong-dark", `:root${dark}`)}}`,
          `@media ${wantsStrong} and ${wantsDark}{${set("strong-dark", `:root:not(${light})`)}}`,
        ].join("\n"),
      };
    });
  },
};

async function bundleCode() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: ["css/app.css", "js/app.js", "js/sw.js"],
    outdir: draft,
    entryNames: "[name].[hash]",
    assetNames: "[name].[hash]",
    bundle: true,
    minify: true,
    legalComments: "none",
    format: "esm",
    // Old phones are common here; @layer needs a browser of 2022.
    target: ["chrome99", "firefox97", "safari15.4"],
    loader: { ".woff2": "file", ".svg": "file" },
    plugins: [colours],
    metafile: true,
    logLevel: "warning",
  });
  for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (entryPoint) manifest[path.basename(entryPoint)] = path.basename(output);
  }
}

async function keep(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}.${hash}${ext}`;
  await writeFile(path.join(draft, manifest[name]), content);
}

// Each file of icons/ becomes one <symbol>; pages show it with <use href="icons.svg#name">.
async function drawIcons() {
  const folder = path.join(here, "icons");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const drawing = await readFile(path.join(folder, name), "utf8");
      const [, box, body] = drawing.match(/<svg[^>]*viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/);
      return `<symbol id="${path.parse(name).name}" viewBox="${box}">${body.trim()}</symbol>`;
    }),
  );
  await keep("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

async function copyPictures() {
  const folder = path.join(here, "pictures");
  for (const name of (await readdir(folder)).sort()) {
    await keep(name, await readFile(path.join(folder, name)));
  }
}

async function drawAppIcons() {
  await keep("app-180.png", drawIcon(180, true));
  await keep("app-192.png", drawIcon(192, false));
  await keep("app-512.png", drawIcon(512, false));
  await keep("app-maskable-512.png", drawIcon(512, true));
}

// The same letters in PDFs as on the pages. The font's licence travels with it (OFL 1.1, 2).
async function copyDocumentFonts() {
  const source = path.join(modules, "@expo-google-fonts", "atkinson-hyperlegible");
  await mkdir(documentFonts, { recursive: true });
  for (const style of ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"]) {
    const name = `AtkinsonHyperlegible_${style}.ttf`;
    await cp(path.join(source, style, name), path.join(documentFonts, name));
  }
  await cp(path.join(source, "LICENSE_FONT"), path.join(documentFonts, "OFL.txt"));
  await cp(path.join(source, "LICENSE_FONT"), path.join(draft, "OFL.txt"));
}

// Texts are packed here, once: the hub serves `name.gz` to whoever takes it.
async function packTexts() {
  const names = (await readdir(draft)).filter((name) => /\.(css|js|svg)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const packed = gzipSync(await readFile(path.join(draft, name)), { level: 9 });
      await writeFile(path.join(draft, `${name}.gz`), packed);
    }),
  );
}

await rm(draft, { recursive: true, force: true });
await mkdir(draft, { recursive: true });
await Promise.all([
  bundleCode(),
  drawIcons(),
  copyPictures(),
  drawAppIcons(),
  copyDocumentFonts(),
  keep("colours.json", await readFile(path.join(here, "colours.json"))),
]);
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(path.join(draft, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");
await packTexts();
await rm(target, { recursive: true, force: true });
await rename(draft, target);
