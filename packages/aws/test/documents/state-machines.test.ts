import validateAsl from "asl-validator";
import { describe, expect, it } from "vitest";
import { callsOf, tasksOf } from "../support/calls";
import { everyModel, machinesOf } from "../support/machines";
import { askPython } from "../support/python";

const all = Object.entries(everyModel()).flatMap(([name, spec]) =>
  machinesOf(spec).map(([kind, machine]) => ({ name: `${name}: ${kind}`, machine })),
);
// Many models have the same monitor or batch: each machine once.
const machines = [...new Map(all.map((entry) => [JSON.stringify(entry.machine), entry])).values()];
// The validator makes its schemas anew for every machine, and Python loads the models of services of many megabytes.
const patience = 120_000;

describe("every state machine", () => {
  it.each(machines)(
    "$name is valid",
    ({ machine }) => {
      const { isValid, errorsText } = validateAsl(JSON.parse(JSON.stringify(machine)));
      expect(isValid, errorsText("\n")).toBe(true);
      expect(JSON.stringify(machine).length).toBeLessThan(1_048_576);
    },
    patience,
  );

  it(
    "hands the services what their models take",
    async () => {
      const calls = await Promise.all(machines.map(({ name, machine }) => callsOf(name, machine)));
      expect(await askPython<string[]>("check_calls.py", calls.flat())).toEqual([]);
    },
    patience,
  );

  it(
    "would be told about a call that a service refuses",
    async () => {
      const wrong = [
        { integration: "sagemaker:createProcessingJob.sync", parameters: { ProcessingJobName: "a_b" } },
        {
          integration: "sagemaker:createEndpointConfig",
          parameters: { EndpointConfigName: "a", ProductionVariants: [{ VariantName: "v", InstanceType: "ml.none" }] },
        },
        { integration: "aws-sdk:sagemaker:deleteNothing", parameters: {} },
        { integration: "aws-sdk:sfn:listExecutions", parameters: { StateMachineArn: 1, MaxResults: 5000 } },
      ].map((call) => ({ ...call, place: "wrong" }));
      const problems = await askPython<string[]>("check_calls.py", wrong);
      expect(problems.join("\n")).toMatch(/AppSpecification/);
      expect(problems.join("\n")).toMatch(/does not match/);
      expect(problems.join("\n")).toMatch(/is none of \d+ values/);
      expect(problems.join("\n")).toMatch(/deleteNothing/);
      expect(problems.join("\n")).toMatch(/5000 is above 1000/);
    },
    patience,
  );

  it("repeats and limits every job as the spec says", () => {
    for (const { name, machine } of machines) {
      for (const [state, task] of tasksOf(machine)) {
        if (!task.Resource.includes("Job.sync")) continue;
        expect(task.TimeoutSeconds, `${name}: ${state}`).toBeGreaterThan(0);
        expect(machine.TimeoutSeconds, `${name}: ${state}`).toBeGreaterThan(task.TimeoutSeconds ?? 0);
      }
    }
  });
});
