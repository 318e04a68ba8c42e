import { defineConfig } from "vitest/config";

const conditions = ["@cyclops/source", "node"];

/**
 * Tests with a real engine and a real cluster: `*.e2e.ts`, minutes each. The clouds' stand-ins share nothing: each has a folder of its own.
 * Files that change the cluster run one after the other, see `scripts/e2e.mjs`.
 */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.e2e.ts", "examples/**/*.e2e.ts"],
    pool: "forks",
    maxWorkers: 2,
    bail: 1, // later steps stand on earlier ones
    passWithNoTests: true,
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    reporters: ["verbose"],
  },
});
