import { parseSpecText } from "@cyclops/core";
import { describe, expect, it } from "vitest";
import { laptopLimits } from "../src/dev/limits";
import { lastWords } from "../src/dev/processes";
import { formatKpi, formatPrediction, renderRun } from "../src/dev/report";
import { findingsOf, noteOf } from "../src/dev/results";
import { escapeText, html } from "../src/html/markup";
import { stackConfiguration } from "../src/plan/files";
import { showInputs } from "../src/plan/redact";
import { quoted } from "../src/terminal/paths";
import { plainStyle } from "../src/terminal/style";
import { renderTable } from "../src/terminal/table";
import { folderWith, spec } from "./support";

describe("lastWords", () => {
  it.each([
    ["time=1 level=info event=a\nerror: the file is missing\ntime=2 level=info event=b\n", "the file is missing"],
    ["time=1 level=info event=a\nTraceback\nValueError: no\n", "ValueError: no"],
    ["time=1 level=error event=lost\n", "time=1 level=error event=lost"],
    ["", ""],
  ])("finds what %j says to its user", (stderr, words) => {
    expect(lastWords(stderr)).toBe(words);
  });
});

describe("formatKpi", () => {
  it.each([
    [0.84123, "score", "0.8412"],
    [42, "ratio", "42.0"],
    [90, "s", "90.0 s"],
    [3 * 86_400, "s", "3.0 d"],
    [12.34, "ms", "12.3 ms"],
    [null, "USD", "-"],
  ] as const)("writes %s %s as %s", (value, unit, text) => {
    expect(formatKpi(value, { unit })).toBe(text);
  });
});

describe("formatPrediction", () => {
  it.each([
    [{ label: "Yes", probability: 0.123456 }, "label Yes, probability 0.1235"],
    [17.5, "17.5"],
    [[0.25, 0.75], "[0.25,0.75]"],
    [undefined, "nothing"],
  ])("writes %j as %s", (prediction, text) => {
    expect(formatPrediction(prediction)).toBe(text);
  });
});

describe("what training found strange", () => {
  const finding = { column: "bmi", reason: "its values are numbers", mend: "schema: {bmi: {type: number, nullable: true}}" };

  it("is in the report, with the line for the spec", () => {
    const run = { model: "m", runId: "r", outcome: "deployed", files: {} } as const;
    const findings = findingsOf({ findings: [finding] });
    const shown = renderRun({ ...run, findings }, plainStyle);
    expect(shown).toContain(
      'column "bmi": its values are numbers\n    Mend (data): schema: {bmi: {type: number, nullable: true}}',
    );
    expect(renderRun({ ...run, findings: findingsOf({}) }, plainStyle)).not.toContain("Columns");
  });

  it("is counted where batch sets rows aside", () => {
    expect(noteOf("batch", { rows: 1000, rowsSetAside: 3 })).toBe("1,000 predictions, 3 rows set aside");
    expect(noteOf("batch", { rows: 1000, rowsSetAside: 0 })).toBe("1,000 predictions");
  });
});

describe("quoted", () => {
  it.each([
    ["/usr/bin/mlflow", "/usr/bin/mlflow"],
    ["sqlite:////home/ana/.cyclops/mlflow.db", "sqlite:////home/ana/.cyclops/mlflow.db"],
    ["my models/a.yaml", "'my models/a.yaml'"],
    ["it's", "'it'\\''s'"],
    ["$HOME", "'$HOME'"],
    ["größe", "'größe'"],
    ["", "''"],
  ])("writes %s as %s", (word, text) => {
    expect(quoted(word)).toBe(text);
  });
});

describe("renderTable", () => {
  it("aligns columns, numbers to the right, and leaves no blanks at the ends", () => {
    const rows = [
      ["a", "1", ""],
      ["long", "1000", "x"],
    ];
    expect(renderTable(rows, { indent: "  ", right: [1] })).toBe("  a        1\n  long  1000  x");
  });
});

describe("html", () => {
  it("escapes values, and not markup", () => {
    expect(html`<p title="${'"'}">${"<b>"}${html`<i>${"&"}</i>`}${["a", "<"]}${false}${undefined}${0}</p>`.toString()).toBe(
      '<p title="&quot;">&lt;b&gt;<i>&amp;</i>a&lt;0</p>',
    );
    expect(escapeText("it's")).toBe("it&#39;s");
  });
});

describe("showInputs", () => {
  it("hides the content of Kubernetes Secrets, and fields that are named like secrets", () => {
    expect(showInputs("kubernetes:core/v1:Secret", { metadata: { name: "a" }, stringData: { url: "x" } })).toEqual({
      metadata: { name: "a" },
      stringData: "[secret]",
    });
    expect(showInputs("aws:rds/instance:Instance", { masterPassword: "x", username: "admin", auth: { api_key: "x" } })).toEqual({
      masterPassword: "[secret]",
      username: "admin",
      auth: { api_key: "[secret]" },
    });
  });

  it("shows names of secrets, which are none", () => {
    const inputs = { secretName: "database", tokenExpirationSeconds: 600, password: "", passwordSecretRef: { name: "a" } };
    expect(showInputs("x:y:Z", inputs)).toEqual(inputs);
  });
});

describe("stackConfiguration", () => {
  it("hands values over as Pulumi does, encrypted ones hidden", () => {
    const folder = folderWith({
      "Pulumi.dev.yaml":
        "config:\n  a:text: x\n  a:number: 3\n  a:nested: {list: [1], key: {secure: v1:abc}}\n  a:secret: {secure: v1:abc}\n",
    });
    expect(stackConfiguration(`${folder}/mlops.yaml`, `${folder}/Pulumi.dev.yaml`)).toEqual({
      "a:text": "x",
      "a:number": "3",
      "a:nested": '{"list":[1],"key":"[secret]"}',
      "a:secret": "[secret]",
    });
  });

  it("puts the stack's over what the project beside it gives all stacks", () => {
    const folder = folderWith({
      "onprem/Pulumi.yaml":
        "name: shop\nconfig:\n  short: own\n  a:both: {value: project}\n  a:given: {value: true}\n  region: {type: string, default: eu}\n  a:needed: {type: string}\n",
      "onprem/Pulumi.dev.yaml": "config:\n  a:both: stack\n",
    });
    expect(stackConfiguration(`${folder}/mlops.yaml`, `${folder}/onprem/Pulumi.dev.yaml`)).toEqual({
      "shop:short": "own",
      "shop:region": "eu",
      "a:given": "true",
      "a:both": "stack",
    });
    expect(stackConfiguration(`${folder}/onprem/mlops.yaml`)).toMatchObject({ "a:both": "project" });
  });

  it("knows nothing of a spec without a project", () => {
    expect(stackConfiguration(`${folderWith({})}/mlops.yaml`)).toBeUndefined();
  });
});

describe("laptopLimits", () => {
  const limits = (model: string, stack = "") => laptopLimits(parseSpecText(spec(model, stack)), ["churn"], "5s");

  it("says nothing where nothing differs", () => {
    expect(limits("")).toEqual([]);
  });

  it("sums up fields with the same limit", () => {
    expect(limits("      schedule: '0 3 * * 1'\n    batch: {schedule: '0 5 * * *'}")).toEqual([
      "training.schedule and batch.schedule: no schedule runs; each `cyclops dev` is one run.",
    ]);
  });

  it("names images that are not used, and the cut bake time", () => {
    const found = limits("      steps: {train: {image: mine}}\n    endpoint: {replicas: {min: 1, max: 1}, rollout: {bake: 1h}}");
    expect(found).toContain("training.steps.train.image: the image is not used; the step runs in the local runtime.");
    expect(found).toContain("endpoint.rollout.bake 1h: cut to 5s here (--bake changes it).");
  });
});
