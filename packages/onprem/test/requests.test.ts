import { readFileSync } from "node:fs";
import path from "node:path";
import type { StackSpec } from "@cyclops/core";
import { expect, it } from "vitest";
import { MlopsStack } from "../src";
import { serverResources } from "../src/defaults";
import { podsOf } from "./support/pods";
import { type Plain, record } from "./support/recorded";
import { fullModel } from "./support/specs";

const page = readFileSync(path.join(__dirname, "../../../docs/targets/onprem.md"), "utf8");

/** A quantity of Kubernetes as a number: cores, or bytes. */
const number = (quantity: string): number => {
  const [, value = "", unit = ""] = /^([\d.]+)(\D*)$/.exec(quantity) ?? [];
  const units: Readonly<Record<string, number>> = { "": 1, m: 1e-3, Mi: 2 ** 20, Gi: 2 ** 30 };
  return Number(value) * (units[unit] ?? Number.NaN);
};

/** What the servers of a stack request, with one replica of each endpoint. */
async function requested(spec: StackSpec): Promise<{ cpu: number; memory: number }> {
  const { resources } = await record(() => new MlopsStack("churn", { spec }));
  const requests: Plain[] = podsOf(resources)
    .filter(({ use }) => use === "server")
    .flatMap(({ spec: pod }) => pod.containers.map((container: Plain) => container.resources.requests));
  // The objects of Argo's chart are the chart's, and in no recording.
  requests.push(serverResources.argoController.requests);
  const sum = (key: string) => requests.reduce((total, each) => total + number(each[key]), 0);
  return { cpu: sum("cpu"), memory: sum("memory") };
}
const text = ({ cpu, memory }: { cpu: number; memory: number }) => `${cpu.toFixed(2)} CPU, ${(memory / 2 ** 30).toFixed(1)} GiB`;

it("are what the page says an idle platform costs", async () => {
  const platform = await requested({ name: "churn" });
  expect(page).toContain(`Requests of a platform without notebooks: ${text(platform)};`);
  const told = await requested({ name: "churn", alerts: { webhook: ["https://hooks.example.com/a"] } });
  const more = { cpu: told.cpu - platform.cpu, memory: told.memory - platform.memory };
  expect(page).toContain(`(Alertmanager: ${more.cpu.toFixed(3)} CPU, ${Math.round(more.memory / 2 ** 20)} MiB, 1 GiB more)`);
  const example = await requested({ name: "churn", models: { churn: fullModel }, workbench: { users: ["ana"] } });
  expect(page).toContain(`The churn example with one replica and one notebook: ${text(example)} requested;`);
});
