import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

// Workspace packages resolve to their TypeScript source, so tests need no build. Node itself gets these conditions too: no
// "module" here, or it would load the bundler builds of dependencies.
const conditions = ["@cyclops/source", "node"];

const packages = readdirSync("packages").filter((name) => existsSync(`packages/${name}/package.json`));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    isolate: true, // Pulumi's mocks are global to a process
    pool: "forks",
    maxWorkers: 2, // each loads a cloud SDK
    passWithNoTests: true,
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: { name, root: `packages/${name}`, include: ["test/**/*.test.ts"] },
      })),
      { extends: true as const, test: { name: "examples", root: "examples", include: ["**/*.test.ts"] } },
      { extends: true as const, test: { name: "scripts", root: "scripts", include: ["test/*.test.mjs"] } },
    ],
  },
});
