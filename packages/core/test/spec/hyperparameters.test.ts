import { describe, expect, it } from "vitest";
import { algorithms, parseStackSpec, SpecError, tasks } from "../../src";
import { hyperparametersOf } from "../../src/spec/hyperparameters";

const problemsOf = (training: object, task = "binary-classification") => {
  const data = { path: "raw/a/", target: "y", ...(task === "binary-classification" ? { positive: "1" } : {}) };
  const gate = task === "regression" ? { metric: "r2", min: 0 } : { metric: "f1", min: 0 };
  try {
    parseStackSpec({ name: "churn", models: { churn: { task, data, training: { gate, ...training } } } });
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues.map(({ path, fix }) => `${path}: ${fix}`);
    throw error;
  }
};
const at = "models.churn.training.hyperparameters";

describe("hyper-parameters", () => {
  it("are known for every algorithm and task", () => {
    for (const task of tasks)
      for (const algorithm of algorithms) {
        const known = hyperparametersOf(algorithm, task);
        expect(known).toContain("random_state");
        const some = known[0] ?? "";
        expect(problemsOf({ algorithm, hyperparameters: { [some]: 1 } }, task)).toEqual([]);
      }
  });

  it("are those of the algorithm and the task", () => {
    expect(problemsOf({ algorithm: "linear", hyperparameters: { C: 1 } })).toEqual([]);
    expect(problemsOf({ algorithm: "linear", hyperparameters: { C: 1 } }, "regression")).toEqual([
      expect.stringContaining(`${at}.C: Allowed: alpha, `),
    ]);
    expect(problemsOf({ hyperparameters: { learning_rat: 1, max_iter: 10 } })).toEqual([
      expect.stringContaining(`${at}.learning_rat: Did you mean "learning_rate"? Allowed: class_weight, `),
    ]);
    // Set by the template itself.
    expect(problemsOf({ hyperparameters: { categorical_features: "x" } })).toHaveLength(1);
  });

  it.each([{ entrypoint: "shop.train:fit" }, { command: ["python", "fit.py"] }, { image: "registry.example.com/fit:1" }])(
    "are any where the code is the user's: %j",
    (step) => {
      const hyperparameters = { depth: 3 };
      expect(problemsOf({ hyperparameters })).toHaveLength(1);
      expect(problemsOf({ hyperparameters, steps: { train: step } })).toEqual([]);
      expect(problemsOf({ hyperparameters, tune: {}, steps: { tune: step } })).toEqual([]);
    },
  );
});
