import { resolve } from "node:path";

/** The repository; this file runs as `benchmarks/dist/lib/root.js`. */
export const root = resolve(__dirname, "../../..");
