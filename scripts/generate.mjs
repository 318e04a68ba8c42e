// `npm run generate` writes the generated files that are committed; with --check it only says which are out of date.
// A package offers them by exporting `generatedFiles(): Record<pathFromRoot, content>` from src/generated.ts.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./lib.mjs";

const check = process.argv.includes("--check");
const require = createRequire(import.meta.url);
const outdated = [];
let count = 0;
for (const name of readdirSync(path.join(root, "packages"))) {
  const module = path.join(root, "packages", name, "dist/generated.js");
  if (!existsSync(path.join(root, "packages", name, "src/generated.ts"))) continue;
  for (const [file, content] of Object.entries(await require(module).generatedFiles())) {
    const target = path.join(root, file);
    count++;
    if (existsSync(target) && readFileSync(target, "utf8") === content) continue;
    outdated.push(file);
    if (check) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}
for (const file of outdated) process.stdout.write(`${check ? "out of date" : "written"}: ${file}\n`);
process.stdout.write(`${count} generated files, ${outdated.length} ${check ? "out of date" : "written"}\n`);
if (check && outdated.length > 0) {
  process.stderr.write("error: run `npm run generate` and commit what it writes.\n");
  process.exitCode = 1;
}
