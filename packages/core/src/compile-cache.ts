import * as nodeModule from "node:module";

// The first import of this package's index: what is loaded after it, zod and a target's SDK above all, is compiled once for all later
// runs. Where it is not offered, before Node 22.8, nothing is lost but time. See docs/decisions/0009.
const { enableCompileCache } = nodeModule as Partial<typeof nodeModule>;
enableCompileCache?.();
