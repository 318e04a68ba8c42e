import { readFileSync } from "node:fs";
import path from "node:path";
import { documentation, runbook } from "@cyclops/core";
import { docSections } from "@cyclops/core/testing";
import { describe, expect, it } from "vitest";
import { alertRules } from "../src/documents/alert-rules";
import { platformRules } from "../src/documents/platform-rules";
import { ownRules } from "../src/documents/prometheus";
import { churn, limits, prices } from "./support/monitored";

const root = path.join(__dirname, "../../..");
const stack = { stack: "churn", environment: "dev" };

const rules = [...[churn, prices, limits].map(alertRules), platformRules(stack), ownRules(stack)].flatMap(({ groups }) =>
  groups.flatMap((group) => [...group.rules]),
);
const alerts = new Map(
  rules.map(({ alert, labels, annotations }) => {
    const { runbook_url = "" } = annotations as { runbook_url?: string };
    return [`${alert} ${"kpi" in labels ? labels.kpi : ""}`, runbook_url] as const;
  }),
);

describe("the runbook of every alert", () => {
  const pages = new Map(["runbooks.md", "concepts/kpis.md"].map((page) => [page, docSections(page)]));

  it.each([...alerts])("%s is a section that says what to do, at an address", (_alert, url) => {
    expect(url).toMatch(/^https:\/\//);
    const [, page = "", anchor = ""] = /^.*?\/((?:concepts\/)?[a-z]+\.md)#(.+)$/.exec(url) ?? [];
    const section = pages.get(page)?.get(anchor);
    expect(section, url).toBeDefined();
    // Steps, in order.
    expect(section).toMatch(/^1\. .+\n2\. /m);
  });

  it("is one of more than thirty, and no section of the runbooks is nobody's", () => {
    expect(alerts.size).toBeGreaterThan(30);
    const used = new Set([...alerts.values()].map((url) => url.split("#")[1]));
    const lone = [...(pages.get("runbooks.md")?.keys() ?? [])].filter((anchor) => !used.has(anchor));
    expect(lone).toEqual(["runbooks", "a-run-failed-where-do-i-look"]);
  });
});

describe("the address of a runbook", () => {
  it("is this release's documentation, unless it is given", () => {
    const { version } = JSON.parse(readFileSync(path.join(root, "packages/onprem/package.json"), "utf8"));
    expect(documentation).toContain(`/blob/v${version}/docs`);
    expect(runbook("runbooks.md", "argo")).toBe(`${documentation}/runbooks.md#argo`);
    for (const base of ["https://wiki.example.com/c", "https://wiki.example.com/c/"])
      expect(runbook("concepts/kpis.md", "roi", base)).toBe("https://wiki.example.com/c/concepts/kpis.md#roi");
  });
});
