import { defineConfig } from "vitest/config";

const conditions = ["@cyclops/source", "node"];

/** Tests with a real engine and a real cluster: `*.e2e.ts`, one file after the other, minutes each. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.e2e.ts", "examples/**/*.e2e.ts"],
    pool: "forks",
    fileParallelism: false,
    bail: 1, // later steps stand on earlier ones
    passWithNoTests: true,
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    reporters: ["verbose"],
  },
});
