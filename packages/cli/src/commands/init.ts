import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Target } from "@cyclops/core";
import { exitCodes, UserError, whyNotWritten } from "../errors";
import { exampleRows } from "../init/example-data";
import { projectFiles } from "../init/templates";
import { displayPath, quoted } from "../terminal/paths";
import { styleOf } from "../terminal/style";
import { list } from "../terminal/table";

/** Options of `cyclops init`. */
export interface InitOptions {
  readonly directory: string;
  readonly target: Target;
  /** Name of the stack. @default - the folder's name */
  readonly name?: string;
}

const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Writes a project that validates, plans and runs as it is. Never overwrites a file. Returns the exit code. */
export function init({ directory, target, name: wanted }: InitOptions): number {
  const folder = resolve(directory);
  const name =
    wanted ??
    basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "");
  if (!namePattern.test(name) || name.length < 2 || name.length > 40) {
    throw new UserError(
      `"${wanted ?? basename(folder)}" cannot be the name of a stack.`,
      "Give --name: 2 to 40 lower-case letters, digits and single hyphens, starting with a letter.",
    );
  }
  const { version } = require("../../package.json") as { version: string };
  const files = { ...projectFiles({ name, target, version }), [join("raw", name, "example.csv")]: exampleRows() };
  const taken = Object.keys(files).filter((file) => existsSync(join(folder, file)));
  if (taken.length > 0)
    throw new UserError(
      `${displayPath(folder)} already has ${list(taken)}; nothing was written.`,
      "Choose another folder, or remove them.",
    );
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text, { flag: "wx" });
    }
  } catch (error) {
    throw new UserError(`${folder} cannot be written: ${whyNotWritten(error)}.`, "Choose another folder.");
  }
  const style = styleOf(process.stdout);
  const enter = folder === process.cwd() ? [] : [`  cd ${quoted(displayPath(folder))}`];
  const steps = [...enter, "  npm install", "  npx cyclops dev", `  npx cyclops plan --target ${target}`, "  pulumi up"];
  process.stdout.write(`${style.green("✓")} ${name} for ${target}: ${list(Object.keys(files))}.\n\nNext:\n${steps.join("\n")}\n`);
  return exitCodes.ok;
}
