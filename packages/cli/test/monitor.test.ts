import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callsOf, cyclops, fakeRuntime, folderWith, spec, start } from "./support";

const watched = spec("    endpoint: {}\n    monitoring: {}");
const env = (play: Record<string, number | string> = {}) => ({ CYCLOPS_RUNTIME: fakeRuntime, FAKE_PLAY: JSON.stringify(play) });

describe("monitor", () => {
  it("reports once more beside a dev that serves, by the spec as it is now", async () => {
    const cwd = folderWith({ "mlops.yaml": watched });
    const running = start(["dev", "--keep-serving"], { cwd, env: env() });
    await running.says("Serving until Ctrl-C");
    const labelled = watched
      .replace("monitoring: {}", "monitoring: {labels: {path: raw/labels/}}")
      .replace("left,", "left, id: customer,");
    writeFileSync(join(cwd, "mlops.yaml"), labelled);
    const { code, stdout, stderr } = await cyclops(["monitor"], { cwd, env: env() });
    const again = await cyclops(["monitor", "--json"], { cwd, env: env() });
    running.signal("SIGINT");
    await running.ended;

    expect(code).toBe(0);
    expect(stdout).toMatch(/Model quality +0\.8400/);
    expect(stderr).toMatch(/✓ monitor churn .*\.cyclops\/zones\/predictions\/churn\/monitor\/[\d-]+\.json/);
    const reports = callsOf(cwd).filter(({ step }) => step === "monitor");
    expect(reports).toHaveLength(3);
    expect(new Set(reports.map(({ rest }) => rest[rest.indexOf("--run-id") + 1])).size).toBe(3);
    const [model] = JSON.parse(again.stdout).models;
    expect(model).toMatchObject({ model: "churn", kpis: expect.any(Array), files: { KPIs: expect.stringContaining(cwd) } });
    expect(model.kpis).toHaveLength(15);

    const read = (name: string) => JSON.parse(readFileSync(join(cwd, ".cyclops/models", name), "utf8"));
    expect(read("churn.monitor.json").spec.monitoring.labels.path).toBe("raw/labels/");
    // The scorer is asked where it listens, and its own document is left alone.
    expect(read("churn.monitor.json").serving).toEqual(read("churn.json").serving);
    expect(read("churn.json").spec.monitoring.labels).toBeUndefined();
  });

  it("ends with the code of the monitor, and says what is missing", async () => {
    const unwatched = spec("    endpoint: {}");
    const cwd = folderWith({ "mlops.yaml": watched, "unwatched.yaml": unwatched });
    const before = await cyclops(["monitor"], { cwd, env: env() });
    expect(before.stderr).toContain(`No \`cyclops dev\` has run churn in ${join(cwd, ".cyclops")}. Run: cyclops dev`);
    expect(before.code).toBe(1);
    const none = await cyclops(["monitor", "--spec", "unwatched.yaml"], { cwd, env: env() });
    expect(none.stderr).toContain("No model of the spec shop is watched. Add monitoring: {} to one.");
    const named = await cyclops(["monitor", "--spec", "unwatched.yaml", "--model", "churn"], { cwd, env: env() });
    expect(named.stderr).toContain("The model churn is not watched. Add monitoring: {} to it.");
    expect((await cyclops(["monitor", "--model", "fraud"], { cwd, env: env() })).stderr).toContain('has no model "fraud"');

    await cyclops(["dev"], { cwd, env: env() });
    // The fake runtime waits for a scorer in its record of calls, and none serves now.
    rmSync(join(cwd, ".cyclops/calls.jsonl"));
    const served = readFileSync(join(cwd, ".cyclops/models/churn.json"), "utf8");
    writeFileSync(join(cwd, ".cyclops/models/churn.json"), JSON.stringify({ ...JSON.parse(served), serving: null }));
    for (const [play, code] of [
      [1, 1],
      [75, 75],
    ] as const) {
      const failed = await cyclops(["monitor"], { cwd, env: env({ monitor: play }) });
      expect(failed.stderr).toContain(`The step monitor of churn failed with exit code ${play}: the fake monitor says no`);
      expect(readFileSync(/Log: (\S+)/.exec(failed.stderr)?.[1] ?? "", "utf8")).toContain("the fake monitor says no");
      expect(failed.code).toBe(code);
    }
    expect((await cyclops(["monitor", "--help"])).stdout).toMatch(/labels that\s+have come since/);
    expect((await cyclops(["monitor", "--nonsense"])).code).toBe(2);
  });
});
