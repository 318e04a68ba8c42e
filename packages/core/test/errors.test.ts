import { RunError } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ArgumentError, SpecError, UnsupportedFeatureError } from "../src";

describe("errors", () => {
  it("list every problem with line, path, finding and fix", () => {
    const error = new SpecError(
      [
        { path: "name", message: '"Churn" is not a name.', fix: "Use lower-case letters.", line: 1 },
        { path: "models.churn.data", message: "is missing.", fix: "Add it." },
        { path: "", message: "this is not YAML.", line: 7 },
        { path: "", message: "is empty.", fix: "Write a mapping." },
      ],
      "mlops.yaml",
    );
    expect(error.message).toBe(
      [
        "mlops.yaml: 4 problems found.",
        '  line 1, name: "Churn" is not a name.',
        "      Use lower-case letters.",
        "  models.churn.data: is missing.",
        "      Add it.",
        "  line 7: this is not YAML.",
        "  the whole spec: is empty.",
        "      Write a mapping.",
      ].join("\n"),
    );
    expect(error.source).toBe("mlops.yaml");
  });

  it("count one problem as one, and name the source by default", () => {
    expect(new SpecError([{ path: "name", message: "is missing." }]).message).toBe("spec: 1 problem found.\n  name: is missing.");
  });

  // Pulumi prints a RunError without its stack, whichever copy of the SDK it comes from.
  it("are RunErrors with names of their own", () => {
    const errors = [
      new SpecError([]),
      new UnsupportedFeatureError([]),
      new ArgumentError("churn: transform.x", "there is none.", "Remove it."),
    ];
    expect(errors.map((error) => RunError.isInstance(error))).toEqual([true, true, true]);
    expect(errors.map(({ name }) => name)).toEqual(["SpecError", "UnsupportedFeatureError", "ArgumentError"]);
    expect(errors[1]).toBeInstanceOf(SpecError);
    expect(errors[2]?.message).toBe("churn: transform.x: there is none. Remove it.");
  });
});
