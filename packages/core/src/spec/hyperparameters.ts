import { readFileSync } from "node:fs";
import path from "node:path";
import type { Task } from "./model";
import type { Algorithm } from "./training";

type Catalogue = Readonly<Record<Algorithm, Readonly<Record<"classification" | "regression", readonly string[]>>>>;
let cached: Catalogue | undefined;

/** Hyper-parameters of a built-in algorithm, as `runtime/tests/catalogues.py` has read them from scikit-learn's signatures. */
export function hyperparametersOf(algorithm: Algorithm, task: Task): readonly string[] {
  cached ??= JSON.parse(readFileSync(path.join(__dirname, "../../catalogues/hyperparameters.json"), "utf8")) as Catalogue;
  return cached[algorithm][task === "regression" ? "regression" : "classification"];
}
