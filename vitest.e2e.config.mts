import { defineConfig } from "vitest/config";

const conditions = ["@cyclops/source", "node"];

/**
 * Tests with a real engine and a real cluster: `*.e2e.ts`, minutes each. Files share nothing: the clouds' stand-ins have folders of their own,
 * and one file alone changes the cluster. Most of the time it waits for it, so another file runs beside it.
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
