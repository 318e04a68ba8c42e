import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findRuntime } from "../dev/runtime";
import { exitCodes, messageOf, UserError } from "../errors";
import { ProgressLine } from "../terminal/progress";
import { styleOf } from "../terminal/style";
import { renderTable } from "../terminal/table";

/** One line of the doctor's report. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Whether `cyclops plan` and `cyclops dev` need it; the others are needed for a cluster or a cloud only. */
  readonly needed: boolean;
  readonly found: string;
  /** What to do where it is not in order. */
  readonly mend?: string;
}

const timeoutMilliseconds = 8000;
const run = promisify(execFile);

/** Looks at the machine; prints one line for each tool. Returns a problem where a tool that is needed here is missing. */
export async function doctor({ json }: { json: boolean }): Promise<number> {
  const progress = new ProgressLine("looking", process.stderr, styleOf(process.stderr));
  const checks = await Promise.all([node(), python(), runtime(), pulumi(), kubectl()]);
  progress.stop();
  if (json) process.stdout.write(`${JSON.stringify({ checks }, null, 2)}\n`);
  else process.stdout.write(`${render(checks)}\n`);
  return checks.some(({ ok, needed }) => needed && !ok) ? exitCodes.problem : exitCodes.ok;
}

function render(checks: readonly Check[]): string {
  const style = styleOf(process.stdout);
  const rows = checks.map(({ name, ok, needed, found, mend }) => {
    const mark = ok
      ? { text: "✓", paint: style.green }
      : needed
        ? { text: "✗", paint: style.red }
        : { text: "!", paint: style.yellow };
    return [mark, name, mend === undefined ? found : `${found} ${mend}`];
  });
  return renderTable(rows);
}

async function node(): Promise<Check> {
  return { name: "Node", ok: true, needed: true, found: `${process.versions.node} (22.12 or newer is needed)` };
}

async function python(): Promise<Check> {
  const common = { name: "Python", needed: true };
  const mend = "Install Python 3.10 or newer: the runtime is written in it.";
  const version = await output("python3", "--version");
  const [major = 0, minor = 0] = (version.text?.match(/\d+/g) ?? []).map(Number);
  if (version.text === undefined) return { ...common, ok: false, found: "python3 is not on PATH.", mend };
  const recent = major > 3 || (major === 3 && minor >= 10);
  return recent
    ? { ...common, ok: true, found: version.text.replace("Python ", "") }
    : { ...common, ok: false, found: `${version.text} is too old.`, mend };
}

async function runtime(): Promise<Check> {
  const common = { name: "CyclOps runtime", needed: true };
  try {
    const path = findRuntime();
    const version = await output(path, "--version");
    if (version.text === undefined)
      return { ...common, ok: false, found: `${path} does not run: ${version.problem}`, mend: "Install it again." };
    return { ...common, ok: true, found: `${path} (${version.text.replace(/^.*version /, "")})` };
  } catch (error) {
    if (error instanceof UserError) return { ...common, ok: false, found: error.message };
    throw error;
  }
}

async function pulumi(): Promise<Check> {
  const common = { name: "Pulumi CLI", needed: false };
  const version = await output("pulumi", "version");
  if (version.text !== undefined) return { ...common, ok: true, found: version.text };
  return {
    ...common,
    ok: false,
    found: "pulumi is not on PATH.",
    mend: "Only deploying needs it: https://www.pulumi.com/docs/install/",
  };
}

async function kubectl(): Promise<Check> {
  const common = { name: "Kubernetes", needed: false };
  const client = await output("kubectl", "version", "--client");
  if (client.text === undefined)
    return {
      ...common,
      ok: false,
      found: "kubectl is not on PATH.",
      mend: "Only the target onprem needs it: https://kubernetes.io/docs/tasks/tools/",
    };
  const server = await output("kubectl", "get", "--raw", "/version", "--request-timeout=5s");
  if (server.text === undefined) {
    return {
      ...common,
      ok: false,
      found: "no cluster answers.",
      mend: "Only the target onprem needs one: set KUBECONFIG or `kubectl config use-context` (`kubectl config get-contexts` lists them).",
    };
  }
  const { gitVersion } = JSON.parse(server.text) as { gitVersion?: string };
  return { ...common, ok: true, found: `cluster ${gitVersion ?? "of an unknown version"} answers` };
}

async function output(command: string, ...args: string[]): Promise<{ text?: string; problem?: string }> {
  try {
    const { stdout } = await run(command, args, { timeout: timeoutMilliseconds });
    return { text: stdout.trim() };
  } catch (error) {
    return { problem: messageOf(error).split("\n").at(-1) ?? "" };
  }
}
