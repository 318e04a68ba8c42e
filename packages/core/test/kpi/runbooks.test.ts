import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { kpiCatalogue, kpiIds } from "../../src";

const page = readFileSync(path.resolve(__dirname, "../../../../docs/concepts/kpis.md"), "utf8");

describe("docs/concepts/kpis.md", () => {
  // Alerts lead to these headings: their anchors are the names.
  it.each([...kpiIds, "monitor", "scorers"])("says what to do about %s, in three steps", (topic) => {
    const [, section = ""] = page.split(`\n### \`${topic}\`\n`);
    expect(section.split("\n#")[0]?.match(/^[123]\. /gm)).toHaveLength(3);
  });

  it.each(kpiIds)("lists %s as the catalogue has it", (id) => {
    const cells = page
      .split("\n")
      .find((line) => line.startsWith(`| \`${id}\` | `))
      ?.split("|")
      .map((cell) => cell.trim());
    const { unit, warn, critical, minSamples, direction } = kpiCatalogue[id];
    expect(cells?.[3]).toBe(unit);
    expect(cells?.[4]).toMatch(new RegExp(`^${direction}`));
    if (warn !== null && critical !== null) expect([cells?.[5], cells?.[6]]).toEqual([`${warn}`, `${critical}`]);
    expect(cells?.[7]).toBe(`${minSamples}`);
  });
});
