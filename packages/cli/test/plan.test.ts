import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PlanReport } from "../src/plan/report";
import { cyclops, folderWith, inRepository, installFakeProvider, spec } from "./support";

function project(text = spec()): string {
  const folder = folderWith({ "mlops.yaml": text });
  installFakeProvider(folder);
  return folder;
}

describe("plan with a provider of the spec's own node_modules", () => {
  it("shows components, counts by type, outputs and emulated features", async () => {
    const { code, stdout } = await cyclops(["plan", "--target", "gcp"], { cwd: project(spec("    endpoint: {}")) });
    expect(stdout).toContain("gcp  4 resources in 5 components");
    expect(stdout).toMatch(/MlopsStack shop +4\n/);
    expect(stdout).toMatch(/│ {2}└─ Storage storage +3 {2}Bucket, Database, Secret\n/);
    expect(stdout).toMatch(/ {3}└─ TrainingPipeline training +1 {2}Pipeline\n/);
    expect(stdout).toMatch(/endpointUrls\.churn +https:\/\/fake\.example\/churn/);
    expect(stdout).toMatch(/endpoint\.canary +The scorer splits requests/);
    expect(code).toBe(0);
  });

  it("never shows a secret, marked or forgotten", async () => {
    const { stdout } = await cyclops(["plan", "--target", "gcp", "--json"], { cwd: project() });
    const report = JSON.parse(stdout) as PlanReport;
    const inputs = report.targets[0]?.resources.find(({ type }) => type === "fake:db:Database")?.inputs;
    expect(inputs).toEqual({ user: "admin", password: "[secret]", key: "[secret]" });
    expect(stdout).not.toMatch(/plain-secret-value|forgotten-to-mark|marked-secret/);
  });

  it("refuses what the target cannot do, with the alternative, before anything is declared", async () => {
    const { code, stdout } = await cyclops(["plan", "--target", "gcp"], { cwd: project(spec("    batch: {spot: true}")) });
    expect(stdout).toContain("cannot do all of it; nothing would be deployed");
    expect(stdout).toContain("models.churn.batch.spot: the target gcp cannot do this (batch.spot): There is no spot capacity.");
    expect(stdout).toContain("→ Remove batch.spot.");
    expect(code).toBe(1);
  });

  it("warns from 2,000 resources on", async () => {
    const cwd = project();
    const few = await cyclops(["plan", "--target", "gcp"], { cwd, env: { FAKE_COPIES: "1996" } });
    expect(few.stdout).not.toContain("Findings");
    const many = await cyclops(["plan", "--target", "gcp"], { cwd, env: { FAKE_COPIES: "1997" } });
    expect(many.stdout).toContain("2,000 resources in one program");
    expect(many.stdout).toContain("StackReference");
    expect(many.code).toBe(0);
  });

  it.each(["bindings", "config"])("does not wait for the writer of a pipe as --%s", async (option) => {
    const cwd = folderWith({ "mlops.yaml": spec() });
    execFileSync("mkfifo", [join(cwd, "Pulumi.pipe.yaml")]);
    const { code, stderr } = await cyclops(["plan", "--target", "onprem", `--${option}`, "Pulumi.pipe.yaml"], { cwd });
    expect(stderr).toContain("Pulumi.pipe.yaml: is not a file.");
    expect(code).toBe(1);
  });

  it("hands further arguments to the stack", async () => {
    const cwd = folderWith({ "mlops.yaml": spec(), "bindings.yaml": "region: europe-west8\n" });
    installFakeProvider(cwd);
    const { stdout } = await cyclops(["plan", "--target", "gcp", "--bindings", "bindings.yaml", "--json"], { cwd });
    const report = JSON.parse(stdout) as PlanReport;
    expect(report.targets[0]?.resources.find(({ type }) => type === "fake:storage:Bucket")?.inputs).toMatchObject({
      region: "europe-west8",
    });
  });

  it("takes the name of the Pulumi stack, which is else that of the environment", async () => {
    const stacks = async (...args: string[]) => {
      const { stdout } = await cyclops(["plan", "--target", "gcp", "--json", ...args], { cwd: project() });
      const [plan] = (JSON.parse(stdout) as PlanReport).targets;
      return [...new Set(plan?.resources.map(({ urn }) => urn.split("::")[0]))];
    };
    expect(await stacks()).toEqual(["urn:pulumi:dev"]);
    expect(await stacks("--stack", "pr-42")).toEqual(["urn:pulumi:pr-42"]);
  });

  it("plans all targets in processes of their own, and names those that do not exist", async () => {
    const { code, stdout } = await cyclops(["plan", "--target", "all", "--json"], { cwd: project() });
    const report = JSON.parse(stdout) as PlanReport;
    expect(report.targets.map(({ target, status }) => [target, status])).toEqual([
      ["aws", "planned"],
      ["gcp", "planned"],
      ["azure", "absent"],
      ["onprem", "planned"],
    ]);
    expect(code).toBe(0);
  });

  it("gives the same JSON twice", async () => {
    const cwd = project();
    const [first, second] = await Promise.all([1, 2].map(() => cyclops(["plan", "--target", "gcp", "--json"], { cwd })));
    expect(first?.stdout).toBe(second?.stdout);
  });
});

describe("plan as a page", () => {
  async function page(target: string, cwd = project(spec("    endpoint: {}\n    monitoring: {}"))): Promise<string> {
    const { code, stderr } = await cyclops(["plan", "--target", target, "--html", "plan.html"], { cwd });
    expect([code, target === "all" ? "" : stderr]).toEqual([0, ""]);
    return readFileSync(join(cwd, "plan.html"), "utf8");
  }

  it("is one file that loads nothing", async () => {
    const text = await page("gcp");
    expect(text).not.toMatch(/<(script|link|img|iframe|object)\b/);
    expect(text).not.toMatch(/\b(src|srcset|xlink:href)=/);
    expect([...text.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)).toEqual(["#content"]);
    expect(text).not.toMatch(/@import|url\(/);
    expect(text).toContain("default-src 'none'");
  });

  it("escapes what comes from the program, and shows no secret", async () => {
    const text = await page("gcp");
    expect(text).toContain("&lt;b&gt;&amp;");
    expect(text).not.toMatch(/plain-secret-value|forgotten-to-mark|marked-secret/);
    expect(text).toContain("[secret]");
  });

  it("draws the parts of the stack with a description in words", async () => {
    const text = await page("gcp");
    expect(text).toContain("<svg");
    for (const title of ["Storage", "Training pipeline", "Tracking and registry", "Endpoint", "Monitoring"])
      expect(text).toContain(`>${title}</text>`);
    expect(text).toContain("Data flows from Raw data to Storage (files)");
  });

  it("is the same for the same plan, and dated only by the caller", async () => {
    const cwd = project();
    expect(await page("gcp", cwd)).toBe(await page("gcp", cwd));
    await cyclops(["plan", "--target", "gcp", "--html", "plan.html", "--date", "24 November 2026"], { cwd });
    expect(readFileSync(join(cwd, "plan.html"), "utf8")).toContain("24 November 2026");
  });

  it("compares several targets", async () => {
    const text = await page("all");
    expect(text).toContain("Targets compared");
    expect([...text.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)).toEqual([
      "#content",
      "#aws",
      "#gcp",
      "#azure",
      "#onprem",
    ]);
  });
});

describe("the churn example", () => {
  it("is planned for AWS without credentials, with the services in the picture", async () => {
    const cwd = folderWith({});
    const html = join(cwd, "plan.html");
    const spec = inRepository("examples/churn/mlops.yaml");
    const { code, stdout } = await cyclops(["plan", "--target", "aws", "--spec", spec, "--html", html], { cwd });
    expect(stdout).toMatch(/aws {2}\d+ resources in \d+ components/);
    expect(stdout).toContain("s3://churn-dev-123456789012-us-east-1-raw");
    expect(stdout).toContain("training.retrain-on-drift");
    expect(code).toBe(0);
    const page = readFileSync(html, "utf8");
    for (const service of ["S3, KMS", "SageMaker", "Step Functions", "CloudWatch"]) expect(page).toContain(service);
  });

  it("is planned for Kubernetes", async () => {
    const { code, stdout } = await cyclops(["plan", "--target", "onprem", "--spec", inRepository("examples/churn/mlops.yaml")]);
    expect(stdout).toMatch(/onprem {2}\d+ resources in \d+ components/);
    expect(stdout).toContain("endpointUrls.churn");
    expect(code).toBe(0);
  });
});
