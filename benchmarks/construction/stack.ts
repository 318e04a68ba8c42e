// The churn stack as a user writes it.
import { join } from "node:path";
import { loadSpec, MlopsStack } from "@cyclops/onprem";
import { root } from "../lib/root";

export const readSpec = () => loadSpec(join(root, "examples/churn/mlops.yaml"));

export function program(spec = readSpec()): void {
  new MlopsStack("churn", { spec });
}
