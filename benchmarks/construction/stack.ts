// The churn stack as a user writes it.
import { join } from "node:path";
import { loadSpec, MlopsStack } from "@cyclops/onprem";
import { root } from "../lib/root";

export function program(): void {
  new MlopsStack("churn", { spec: loadSpec(join(root, "examples/churn/mlops.yaml")) });
}
