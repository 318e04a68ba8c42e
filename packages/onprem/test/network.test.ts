import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Network } from "../src/network";

const context = { name: "churn", environment: "dev", tags: {} } as const;
const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  warn.mockClear();
});

/** Makes a network whose namespace the cluster answers to, or does not. */
async function make(answers: boolean, args: { patience?: string } = {}): Promise<Network> {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) =>
      type === "kubernetes:core/v1:Namespace" && !answers ? new Promise(() => {}) : { id: `${name}-id`, state: inputs },
  });
  const network = new Network("churn-network", { context, namespace: "churn-dev", ...args });
  // Its own registration ends in the test that made it.
  await new Promise((resolve) => network.urn.apply(resolve));
  await new Promise(setImmediate);
  return network;
}

it("says in one sentence that the cluster does not answer, and how to find out", async () => {
  await make(false);
  vi.advanceTimersByTime(19_999);
  expect(warn).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[0]).toMatch(/^The Kubernetes provider has not answered for 20 s.*cyclops doctor/);
});

it("has as much patience as the stack says", async () => {
  await make(false, { patience: "3s" });
  vi.advanceTimersByTime(3000);
  expect(warn.mock.calls[0]?.[0]).toMatch(/^The Kubernetes provider has not answered for 3 s/);
  await expect(make(false, { patience: "long" })).rejects.toThrow('patience: "long" is not a duration of at least a second.');
});

it("says nothing when the cluster answers", async () => {
  const { nodes } = await make(true);
  await new Promise((resolve) => pulumi.output(nodes.namespace?.urn).apply(resolve));
  vi.advanceTimersByTime(60_000);
  expect(warn).not.toHaveBeenCalled();
});
