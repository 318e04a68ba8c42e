// Puts what core needs of zod into one file of core's build, in place of the compiled packages/core/src/spec/zod.ts: see decision 0009.
// After `tsc -b`; without it everything works, and a program that makes a stack starts a little later.
import { readFileSync } from "node:fs";
import path from "node:path";
import { build } from "rolldown";
import { root } from "./lib.mjs";

const { version, license } = JSON.parse(readFileSync(path.join(root, "node_modules/zod/package.json"), "utf8"));
const notice = readFileSync(path.join(root, "node_modules/zod/LICENSE"), "utf8").trim();

await build({
  cwd: root,
  input: "packages/core/src/spec/zod.ts",
  platform: "node",
  logLevel: "warn",
  output: {
    file: "packages/core/dist/spec/zod.js",
    format: "cjs",
    banner: `/*! zod ${version}, ${license}\n${notice}\n*/`,
  },
});
