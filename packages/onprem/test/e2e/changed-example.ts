import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { root } from "./command";
import type { Engine } from "./engine";

export const example = path.join(root, "examples/churn");
/** A copy of the example with a changed spec; inside the example, so that its packages are found. */
const folder = path.join(example, ".e2e");
const program = path.join(folder, "onprem");

/** Has the engine go on with a copy of the example whose spec is this one. */
export async function changeExample(engine: Engine, spec: object): Promise<void> {
  if (!engine.isIn(program)) {
    cleanExample();
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(example, "onprem"), program, { recursive: true });
    await engine.moveTo(program);
  }
  writeFileSync(path.join(folder, "mlops.yaml"), stringify(spec));
}

/** Leaves nothing of the changed example. */
export const cleanExample = () => rmSync(folder, { recursive: true, force: true });
