import { ruleFiles, ruleTestFiles } from "../support/rule-tests";
import { kubectl } from "./cluster";
import { run } from "./command";

/**
 * Checks and tests the library's rules with the promtool of a running Prometheus, so with the very version that will evaluate them.
 *
 * @param pod name of a pod of Prometheus, whose image has promtool and where /tmp can be written
 * @throws Error with promtool's output where a rule is refused or does not do what its test says
 */
export async function promtoolInPod(namespace: string, pod: string, container = "prometheus"): Promise<void> {
  const folder = "/tmp/cyclops-rule-tests";
  const place = ["--namespace", namespace, pod, "--container", container];
  const inside = (...command: string[]) => kubectl("exec", ...place, "--", ...command);
  await inside("mkdir", "-p", folder);
  try {
    for (const [file, input] of Object.entries({ ...ruleFiles, ...ruleTestFiles }))
      await run("kubectl", ["exec", "--stdin", ...place, "--", "tee", `${folder}/${file}`], { input });
    const paths = (files: object) => Object.keys(files).map((file) => `${folder}/${file}`);
    await inside("promtool", "check", "rules", ...paths(ruleFiles));
    // One at a time: each test makes a database in memory, beside the server that runs.
    for (const file of paths(ruleTestFiles)) await inside("promtool", "test", "rules", file);
  } finally {
    await inside("rm", "-r", folder);
  }
}
