import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cyclops, fakeRuntime, folderWith } from "./support";

const says = (text: string) => `#!/bin/sh\n${text}\n`;
const python = says("echo Python 3.11.7");
const cli = says("echo v3.270.0");
// As kubectl does: the client knows its version, the server answers or not.
const kubectl = (server: string) => says(`case "$*" in *--client*) echo 'Client Version: v1.34.4';; *) ${server};; esac`);
const reachable = kubectl(`echo '{"gitVersion":"v1.34.4"}'`);
const unreachable = kubectl("echo 'The connection to the server 10.0.0.1:6443 was refused' >&2; exit 1");

/** Runs the doctor on a machine that has these tools and no others. */
async function examine(tools: Readonly<Record<string, string>>, ...args: string[]) {
  const folder = folderWith(tools);
  for (const tool of Object.keys(tools)) chmodSync(join(folder, tool), 0o755);
  const { code, stdout } = await cyclops(["doctor", ...args], { env: { PATH: folder, CYCLOPS_RUNTIME: fakeRuntime } });
  const line = (name: string) => stdout.split("\n").find((text) => text.includes(` ${name} `)) ?? stdout;
  return { code, stdout, line };
}

describe("cyclops doctor", () => {
  it("finds everything in order", async () => {
    const { line } = await examine({ python3: python, pulumi: cli, kubectl: reachable });
    expect(line("Pulumi CLI")).toMatch(/^✓ .*v3\.270\.0$/);
    expect(line("Kubernetes")).toMatch(/^✓ .*cluster v1\.34\.4 answers$/);
    expect(line("Python")).toMatch(/^✓ .*3\.11\.7$/);
  });

  it("says in one sentence that the Pulumi CLI is absent, and what to do", async () => {
    const { line } = await examine({ python3: python, kubectl: reachable });
    expect(line("Pulumi CLI")).toMatch(/^! .*pulumi is not on PATH\. Only deploying needs it: https:\S+$/);
  });

  it.each([
    [
      "no cluster answers",
      { kubectl: unreachable },
      /^! .*no cluster answers\. Only the target onprem needs one: set KUBECONFIG or /,
    ],
    ["kubectl is absent", {}, /^! .*kubectl is not on PATH\. Only the target onprem needs it: https:\S+$/],
  ])("says in one sentence that %s", async (_, tools, sentence) => {
    const { line } = await examine({ python3: python, pulumi: cli, ...tools });
    expect(line("Kubernetes")).toMatch(sentence);
  });

  it("fails only for what this machine itself needs", async () => {
    const { code, line } = await examine({ pulumi: cli, kubectl: reachable });
    expect(line("Python")).toMatch(/^✗ .*python3 is not on PATH\. Install Python 3\.10 or newer/);
    expect(code).toBe(1);
    const old = await examine({ python3: says("echo Python 3.9.2"), pulumi: cli, kubectl: reachable });
    expect(old.line("Python")).toMatch(/^✗ .*Python 3\.9\.2 is too old\./);
  });

  it("gives its findings as JSON", async () => {
    const { stdout } = await examine({ python3: python, kubectl: unreachable }, "--json");
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(expect.arrayContaining(["Pulumi CLI", "Kubernetes"]));
  });
});
