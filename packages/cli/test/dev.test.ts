import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { callsOf, cyclops, fakeRuntime, folderWith, main, spec, start } from "./support";

const everything = spec("    batch: {schedule: '0 5 * * *'}\n    endpoint: {}\n    monitoring: {}");
const env = (play: Record<string, number | string> = {}) => ({ CYCLOPS_RUNTIME: fakeRuntime, FAKE_PLAY: JSON.stringify(play) });
const stepsOf = (folder: string) => callsOf(folder).map(({ step }) => step);
const training = ["ingest", "curate", "preprocess", "train", "evaluate", "gate", "register", "deploy"];

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("dev", () => {
  it("starts the scorer first, runs the pipeline in order, then batch and monitor, and stops the scorer", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stdout, stderr } = await cyclops(["dev"], { cwd, env: env() });
    expect(stepsOf(cwd)).toEqual(["serve", ...training, "batch", "monitor", "serve-stopped"]);
    // The first step does not wait for the scorer, which is started before it.
    const [serve, ingest] = callsOf(cwd);
    expect(serve?.pid).toBeLessThan(ingest?.pid ?? 0);
    expect(stderr).toMatch(/✓ serve .*no version yet/);
    expect(stderr).toMatch(/✓ curate .*90 rows, 10 set aside/);
    expect(stderr).toMatch(/✓ evaluate .*roc_auc 0\.8400/);
    expect(stdout).toContain("churn: version 1 is deployed.");
    expect(stdout).toMatch(/Model quality +0\.8400/);
    expect(stdout).toMatch(/Error rate +0\.5000 .*critical/);
    expect(stdout.match(/^ {2}\S.*(ok|critical|unknown)$/gm)).toHaveLength(15);
    expect(stdout).toContain(`ui --backend-store-uri sqlite:///${join(cwd, ".cyclops", "mlflow.db")}`);
    expect(code).toBe(0);
  });

  it("asks the new version about rows of the test split, without their target", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { stdout, stderr } = await cyclops(["dev"], { cwd, env: env() });
    expect(stderr).toMatch(/✓ predict .*150 rows in 101 requests\n/);
    expect(stdout).toContain("tenure=0, usd=0, plan=premium, flag=true, since=2026-01-01T00:00:00.000Z");
    expect(stdout).toMatch(/→ label yes, probability 0\.7 \(version 1, \d+ ms\)/);
    const requests = readFileSync(join(cwd, ".cyclops/requests.jsonl"), "utf8").trim().split("\n");
    const rows = requests.flatMap((line) => JSON.parse(line).dataframe_records as Record<string, unknown>[]);
    expect(rows).toHaveLength(150);
    expect(rows.find(({ tenure }) => tenure === 9)).toEqual({
      tenure: 9,
      usd: null,
      plan: "basic",
      flag: true,
      since: "2026-01-10T00:00:00.000Z",
    });
    expect(rows.some((row) => "left" in row)).toBe(false);
  });

  it("keeps its zones beside the spec: raw is the user's folder", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    await cyclops(["dev"], { cwd, env: { ...env(), MLFLOW_TRACKING_URI: "https://mlflow.example" } });
    const document = JSON.parse(readFileSync(join(cwd, ".cyclops/models/churn.json"), "utf8"));
    expect(document.zones.raw).toBe(join(cwd, "raw"));
    expect(document.zones.features).toBe(join(cwd, ".cyclops/zones/features"));
    expect(document.target).toBe("local");
    expect(document.serving.pods).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(document.spec.endpoint.rollout.bake).toBe("5s");
    expect(new Set(callsOf(cwd).flatMap(({ tracking }) => tracking ?? []))).toEqual(
      new Set([`sqlite:///${join(cwd, ".cyclops", "mlflow.db")}`]),
    );
  });

  it("says what one machine does otherwise", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { stderr } = await cyclops(["dev"], { cwd, env: env() });
    expect(stderr).toContain("endpoint.rollout.bake 10m: cut to 5s here (--bake changes it).");
    expect(stderr).toContain("batch.schedule: no schedule runs");
  });

  it("adds a version when it is run again", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    await cyclops(["dev"], { cwd, env: env() });
    const { code, stdout, stderr } = await cyclops(["dev"], { cwd, env: env() });
    expect(stderr).toMatch(/✓ serve .*\(version 1\)/);
    expect(stdout).toContain("churn: version 2 is deployed.");
    expect(stdout).toContain("champion (version 1)");
    expect(code).toBe(0);
  });

  it("ends with 3 where the gate refuses; the old version goes on", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const first = await cyclops(["dev"], { cwd, env: env({ gate: 3 }) });
    expect(first.stdout).toContain("the gate refused the new version; it is not deployed. There is no earlier version");
    expect(first.stdout).toContain("Reason: the fake gate says no, and how to mend it");
    expect(stepsOf(cwd)).toEqual(["serve", ...training.slice(0, 6), "serve-stopped"]);
    expect(first.code).toBe(3);

    await cyclops(["dev"], { cwd, env: env() });
    const later = await cyclops(["dev"], { cwd, env: env({ gate: 3 }) });
    expect(later.stdout).toContain("Version 1 goes on.");
    expect(stepsOf(cwd).slice(-3)).toEqual(["batch", "monitor", "serve-stopped"]);
    expect(later.code).toBe(3);
  });

  it("ends with 4 where the rollout is taken back", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stdout } = await cyclops(["dev"], { cwd, env: env({ deploy: 4 }) });
    expect(stdout).toContain("version 1 was rolled back.");
    expect(code).toBe(4);
  });

  it("shows a failed step's sentence, exit code and log file, and stops the rest", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stderr } = await cyclops(["dev"], { cwd, env: env({ train: 1 }) });
    expect(stderr).toContain("The step train of churn failed with exit code 1: the fake train says no, and how to mend it");
    const log = /Log: (\S+)/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(log, "utf8")).toContain("the fake train says no");
    expect(stepsOf(cwd).slice(-2)).toEqual(["train", "serve-stopped"]);
    expect(existsSync(join(cwd, ".cyclops", "dev.lock"))).toBe(false);
    expect(code).toBe(1);
  });

  it("says what may pass, with the code that the step had", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stderr } = await cyclops(["dev"], { cwd, env: env({ train: 75 }) });
    expect(stderr).toContain("The step train of churn failed with exit code 75: the fake train says no");
    expect(stderr).toContain("This command tries nothing again: start it once more.");
    expect(code).toBe(75);
  });

  it("shows why the scorer does not start", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stderr } = await cyclops(["dev"], { cwd, env: env({ serve: 1 }) });
    expect(stderr).toContain("The scorer did not start: the fake serve says no");
    expect(code).toBe(1);
  });

  it("tunes in place of training, approves, and runs the user's own command and environment", async () => {
    const model = `      tune: {trials: 2}
      approval: {}
      steps:
        preprocess: {command: [node, -e, "require('fs').writeFileSync('mine.json', JSON.stringify([process.env.CYCLOPS_RUN_ID, process.env.CYCLOPS_CONFIG]))"]}
        tune: {environment: {MARK: chosen}}`;
    const cwd = folderWith({ "mlops.yaml": spec(model) });
    const { code } = await cyclops(["dev", "--approve"], { cwd, env: env() });
    expect(stepsOf(cwd)).toEqual(["ingest", "curate", "tune", "evaluate", "gate", "register", "deploy"]);
    expect(callsOf(cwd).map(({ step, mark }) => [step, mark])).toContainEqual(["tune", "chosen"]);
    const [runId, config] = JSON.parse(readFileSync(join(cwd, "mine.json"), "utf8"));
    expect(callsOf(cwd)[0]?.rest).toContain(runId);
    expect(config).toBe(join(cwd, ".cyclops/models/churn.json"));
    expect(code).toBe(0);
  });

  it("runs only the models that are named, one after the other", async () => {
    const cwd = folderWith({
      "mlops.yaml": everything.replace("  churn:", "  churn: &churn").replace(/\n\n$/, "\n  fraud: *churn\n  upsell: *churn\n"),
    });
    await cyclops(["dev", "--model", "fraud", "--model", "churn"], { cwd, env: env() });
    expect([...new Set(callsOf(cwd).map(({ model }) => model))]).toEqual(["fraud", "churn"]);
  });

  it("says that a cluster would have trained anew, and for which trigger", async () => {
    const triggered = everything.replace("training:\n", "training:\n      retrainOn: [drift]\n");
    const { stderr } = await cyclops(["dev"], { cwd: folderWith({ "mlops.yaml": triggered }), env: env() });
    expect(stderr).toMatch(/✓ monitor .*1 of 15 KPIs alert; a cluster would train anew, for drift/);
    const { stderr: quiet } = await cyclops(["dev"], { cwd: folderWith({ "mlops.yaml": everything }), env: env() });
    expect(quiet).toMatch(/✓ monitor .*1 of 15 KPIs alert\n/);
  });

  it("gives the result as JSON alone on stdout", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { stdout } = await cyclops(["dev", "--json"], { cwd, env: env() });
    const [run] = JSON.parse(stdout).models;
    expect(run).toMatchObject({
      model: "churn",
      outcome: "deployed",
      version: "1",
      served: "1",
      evaluation: { metrics: { roc_auc: 0.84 } },
    });
    expect(run.kpis).toHaveLength(15);
  });

  it("stops its children on Ctrl-C while it serves", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const running = start(["dev", "--keep-serving"], { cwd, env: env() });
    await running.says("Serving until Ctrl-C");
    const [serve] = callsOf(cwd);
    running.signal("SIGINT");
    const { code } = await running.ended;
    expect(stepsOf(cwd).at(-1)).toBe("serve-stopped");
    expect(() => process.kill(serve?.pid ?? 0, 0)).toThrow();
    expect(code).toBe(0);
  });

  it("stops its children on Ctrl-C in the middle of a step", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const running = start(["dev"], { cwd, env: env({ train: "hang" }) });
    await running.says("train is running");
    running.signal("SIGINT");
    const { code, stderr } = await running.ended;
    expect(stderr).toContain("Interrupted: everything is stopped.");
    for (const { pid } of callsOf(cwd)) if (pid) expect(() => process.kill(pid, 0)).toThrow();
    expect(code).toBe(130);
  });

  it("starts steps from the warm parent, with what they have as processes: environment, folder, output and exit code", async () => {
    const steps = `      steps:
        train: {environment: {MARK: chosen}}
        gate: {command: [node, -e, "require('fs').writeFileSync('mine.json', JSON.stringify(process.env.FAKE_WARM ?? null))"]}`;
    const cwd = folderWith({
      "mlops.yaml": spec(`${steps}\n    batch: {schedule: '0 5 * * *'}\n    endpoint: {}\n    monitoring: {}`),
    });
    const { code, stdout, stderr } = await cyclops(["dev"], { cwd, env: env({ warm: "forks", monitor: 1 }) });
    const calls = callsOf(cwd).filter(({ step }) => step !== "serve-stopped");
    const warm = calls.filter((call) => call.warm !== null).map(({ step }) => step);
    expect(warm).toEqual(expect.arrayContaining(["evaluate", "register", "deploy", "batch", "monitor"]));
    // A scorer lives on its own, and libraries read their settings when they are imported.
    for (const step of ["serve", "train"]) expect(warm).not.toContain(step);
    expect(calls.find(({ step }) => step === "train")?.mark).toBe("chosen");
    expect(JSON.parse(readFileSync(join(cwd, "mine.json"), "utf8"))).toBeNull();
    expect(new Set(calls.map((call) => call.cwd))).toEqual(new Set([join(cwd, ".cyclops")]));
    expect(stderr).toMatch(/✓ evaluate .*roc_auc 0\.8400/);
    expect(stderr).toContain("The step monitor of churn failed with exit code 1: the fake monitor says no, and how to mend it");
    expect(readFileSync(/Log: (\S+)/.exec(stderr)?.[1] ?? "", "utf8")).toContain("the fake monitor says no");
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it.each(["crashes", "dies", "refuses"])("starts steps as processes where the warm parent %s", async (play) => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stdout } = await cyclops(["dev"], { cwd, env: env({ warm: play }) });
    expect(stepsOf(cwd)).toEqual(["serve", ...training, "batch", "monitor", "serve-stopped"]);
    expect(callsOf(cwd).every(({ warm }) => !warm)).toBe(true);
    expect(stdout).toContain("churn: version 1 is deployed.");
    expect(code).toBe(0);
  });

  it("stops the warm parent and its children on Ctrl-C, and leaves none when it is killed itself", async () => {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const cwd = folderWith({ "mlops.yaml": everything });
      const running = start(["dev"], { cwd, env: env({ warm: "forks", train: "hang" }) });
      await running.says("train is running");
      const [serve, train] = ["serve", "train"].map((name) => callsOf(cwd).find(({ step }) => step === name));
      running.signal(signal);
      const { code } = await running.ended;
      expect(code).toBe(signal === "SIGINT" ? 130 : null);
      for (const pid of [Number(train?.warm), train?.pid ?? 0])
        await expect.poll(() => lives(pid), { timeout: 30_000 }).toBe(false);
      // The scorer is nobody's child: a command that is killed leaves it behind.
      if (signal === "SIGKILL") process.kill(serve?.pid ?? 0);
    }
  });

  it("stops what a command that was killed has left, and says so", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const killed = start(["dev"], { cwd, env: env({ train: "hang" }) });
    await killed.says("train is running");
    killed.signal("SIGKILL");
    await killed.ended;
    const left = ["serve", "train"].map((name) => callsOf(cwd).find(({ step }) => step === name)?.pid ?? 0);
    expect(left.map(lives)).toEqual([true, true]);
    const { code, stderr } = await cyclops(["dev"], { cwd, env: env() });
    expect(stderr).toMatch(/Stopped what a `cyclops dev` before this one had left: 2 processes \(\d+ and \d+\)\./);
    for (const pid of left) await expect.poll(() => lives(pid), { timeout: 30_000 }).toBe(false);
    expect(code).toBe(0);
  });

  it("takes the lock of a command whose id another program has by now, and leaves that program alone", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    mkdirSync(join(cwd, ".cyclops"));
    const other = spawn("sleep", ["300"]);
    try {
      const identity = JSON.stringify({ pid: other.pid, since: "long ago" });
      writeFileSync(join(cwd, ".cyclops/dev.lock"), `${identity}\n${identity}\n`);
      const { code, stderr } = await cyclops(["dev"], { cwd, env: env() });
      expect(stderr).not.toContain("Stopped what");
      expect(code).toBe(0);
      expect(lives(other.pid ?? 0)).toBe(true);
      // A lock of an earlier version tells the id alone.
      writeFileSync(join(cwd, ".cyclops/dev.lock"), String(other.pid));
      const refused = await cyclops(["dev"], { cwd, env: env() });
      expect(refused.stderr).toContain(`if that process is none, delete ${join(cwd, ".cyclops/dev.lock")}.`);
      expect(refused.code).toBe(1);
    } finally {
      other.kill();
    }
  });

  it.skipIf(!existsSync("/dev/full"))("says in one message that the disk is full, and stops everything", async () => {
    // A log that is written while everything runs, and the first file of a run.
    for (const file of ["logs/churn-serve.log", "models/churn.json"]) {
      const cwd = folderWith({ "mlops.yaml": everything });
      mkdirSync(join(cwd, ".cyclops", dirname(file)), { recursive: true });
      symlinkSync("/dev/full", join(cwd, ".cyclops", file));
      const { code, stderr } = await cyclops(["dev"], { cwd, env: env() });
      expect(stderr).toContain(join(cwd, ".cyclops"));
      expect(stderr).toMatch(/error: .* is full( \(ENOSPC\))?\. Make room/);
      expect(stderr).not.toMatch(/unexpected error|\n {4}at /);
      const calls = existsSync(join(cwd, ".cyclops/calls.jsonl")) ? callsOf(cwd) : [];
      for (const { pid } of calls) if (pid) expect(lives(pid)).toBe(false);
      expect(calls.some(({ step }) => step === "serve")).toBe(file.startsWith("logs"));
      expect(existsSync(join(cwd, ".cyclops/dev.lock"))).toBe(false);
      expect(code).toBe(1);
    }
  });

  // A namespace of its own may mount what it likes, where the system lets users make one.
  const alone = (script: string) => spawnSync("unshare", ["-rm", "sh", "-c", script], { encoding: "utf8", timeout: 60_000 });
  it.skipIf(alone("mount -t tmpfs -o ro none /mnt").status !== 0)("says that the file system is read-only", () => {
    const cwd = folderWith({ "mlops.yaml": everything, "disk/.keep": "" });
    const command = `${process.execPath} ${main} dev --spec ${cwd}/mlops.yaml --workdir ${cwd}/disk/work`;
    const { status, stderr } = alone(`mount -t tmpfs -o ro none ${cwd}/disk && CYCLOPS_RUNTIME=${fakeRuntime} ${command}`);
    expect(stderr).toContain(
      `The folder ${cwd}/disk/work cannot be written: the file system is read-only (EROFS). Name another one with --workdir.`,
    );
    expect(status).toBe(1);
  });

  it("names the runtime where it says nothing itself", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const { code, stderr } = await cyclops(["dev"], { cwd, env: { CYCLOPS_RUNTIME: "/bin/false" } });
    // Whichever is heard of first: the scorer or the first step.
    expect(stderr).toMatch(/exit code 1( and|: it) said nothing\. The runtime is \/bin\/false\./);
    expect(code).toBe(1);
    const without = await cyclops(["dev"], { cwd: folderWith({ "mlops.yaml": spec() }), env: { CYCLOPS_RUNTIME: "/bin/false" } });
    expect(without.stderr).toContain("failed with exit code 1: it said nothing. The runtime is /bin/false.");
  });

  it("prints commands that can be pasted where a path has blanks", async () => {
    const cwd = folderWith({ "my models/the spec.yaml": everything });
    const { code, stdout } = await cyclops(["dev", "--spec", "my models/the spec.yaml"], { cwd, env: env() });
    expect(stdout).toContain("cyclops plan --spec 'my models/the spec.yaml' --target onprem");
    expect(stdout).toContain(`--backend-store-uri 'sqlite:///${join(cwd, "my models/.cyclops/mlflow.db")}'`);
    expect(code).toBe(0);
  });

  it("refuses a taken port and a taken folder", async () => {
    const cwd = folderWith({ "mlops.yaml": everything });
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    const { code, stderr } = await cyclops(["dev", "--port", String(port)], { cwd, env: env() });
    server.close();
    expect(stderr).toContain(`The port ${port} is taken.`);
    expect(code).toBe(1);

    const first = start(["dev", "--keep-serving"], { cwd, env: env() });
    await first.says("Serving until Ctrl-C");
    const second = await cyclops(["dev"], { cwd, env: env() });
    first.signal("SIGTERM");
    await first.ended;
    expect(second.stderr).toMatch(/Another `cyclops dev` \(process \d+\) works in /);
    expect(second.code).toBe(1);
  });
});
