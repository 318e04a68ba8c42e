import { describe, expect, it } from "vitest";
import { approvedInput, approvedPattern, newDataPattern } from "../../src/documents/events";
import { binding, variants } from "../support/machines";

/** Whether EventBridge hands an event to a rule: every field of the pattern has one of its values, or begins so. */
function fits(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((value: unknown) =>
      typeof value === "object" && value !== null && "prefix" in value
        ? typeof event === "string" && event.startsWith(String(value.prefix))
        : value === event,
    );
  }
  if (typeof pattern !== "object" || pattern === null || typeof event !== "object" || event === null) return false;
  return Object.entries(pattern).every(([key, part]) => fits(part, (event as Record<string, unknown>)[key]));
}

const full = variants.full;
if (!full) throw new Error("no such variant");

describe("events", () => {
  it("of new files below the data's path start the monitor", () => {
    const pattern = newDataPattern(full, binding.zones.raw);
    const created = (key: string, bucket = "churn-dev-raw") => ({
      source: "aws.s3",
      "detail-type": "Object Created",
      detail: { version: "0", bucket: { name: bucket }, object: { key, size: 5 }, reason: "PutObject" },
    });
    expect(fits(pattern, created("telco/2026-05.csv"))).toBe(true);
    expect(fits(pattern, created("other/2026-05.csv"))).toBe(false);
    expect(fits(pattern, created("telco/2026-05.csv", "another"))).toBe(false);
    expect(fits(pattern, { ...created("telco/a.csv"), "detail-type": "Object Deleted" })).toBe(false);
  });

  it("of approvals start the rollout with the version", () => {
    const changed = (status: string, group = "churn-dev-churn") => ({
      source: "aws.sagemaker",
      "detail-type": "SageMaker Model Package State Change",
      detail: { ModelPackageGroupName: group, ModelApprovalStatus: status, ModelPackageArn: "arn:7", ModelPackageVersion: 7 },
    });
    const pattern = approvedPattern("churn-dev-churn");
    expect(fits(pattern, changed("Approved"))).toBe(true);
    expect(fits(pattern, changed("Rejected"))).toBe(false);
    expect(fits(pattern, changed("Approved", "other"))).toBe(false);
    // EventBridge puts values in with their quotation marks.
    expect(JSON.parse(approvedInput.inputTemplate.replace("<arn>", '"arn:7"'))).toEqual({ modelPackageArn: "arn:7" });
  });
});
