import { describe, expect, it } from "vitest";
import { Screen, schedule, summary } from "../schedule.mjs";

/** Stages whose end the test decides, and what was said of them. */
function play(...described) {
  const events = [];
  const ends = new Map();
  const stages = described.map((stage) => ({
    cores: 1,
    alone: `run ${stage.name}`,
    run: () => new Promise((resolve) => ends.set(stage.name, resolve)),
    ...stage,
  }));
  const on = {
    started: (name) => events.push(`+${name}`),
    output: (name, text) => events.push(`${name}: ${text}`),
    ended: ({ name, outcome }) => events.push(`-${name} ${outcome}`),
  };
  const results = schedule(stages, { cores: 2, on, now: () => 0 });
  const end = async (name, passed = true) => {
    ends.get(name)(passed);
    await new Promise((resolve) => setImmediate(resolve));
    return events.splice(0).join(", ");
  };
  return { events: () => events.splice(0).join(", "), end, results };
}

describe("the schedule of stages", () => {
  it("runs beside each other what the cores bear, the first of the list first", async () => {
    const { events, end, results } = play({ name: "a" }, { name: "b" }, { name: "c" });
    expect(events()).toBe("+a, +b");
    expect(await end("b")).toBe("-b passed, +c");
    expect(await end("a")).toBe("-a passed");
    expect(await end("c")).toBe("-c passed");
    expect((await results).map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("lets a small stage pass a large one that does not fit, and gives the large one both cores", async () => {
    const { events, end } = play({ name: "cluster" }, { name: "unit", cores: 2 }, { name: "lint" }, { name: "knip" });
    expect(events()).toBe("+cluster, +lint");
    expect(await end("lint")).toBe("-lint passed, +knip");
    expect(await end("knip")).toBe("-knip passed");
    expect(await end("cluster")).toBe("-cluster passed, +unit");
  });

  it("starts nothing before what it needs has ended, passed or not", async () => {
    const { events, end } = play({ name: "types" }, { name: "eslint", needs: ["types"] });
    expect(events()).toBe("+types");
    expect(await end("types", false)).toBe("-types failed, +eslint");
  });

  it("takes what is needed but not in the list for done", () => {
    expect(play({ name: "eslint", needs: ["types"] }).events()).toBe("+eslint");
  });

  it("runs what takes no core beside everything", async () => {
    const { events, end } = play({ name: "machine", cores: 0 }, { name: "unit", cores: 2 }, { name: "e2e", needs: ["machine"] });
    expect(events()).toBe("+machine, +unit");
    expect(await end("unit")).toBe("-unit passed");
    expect(await end("machine")).toBe("-machine passed, +e2e");
  });

  it("runs alone what asks for more cores than there are", () => {
    expect(play({ name: "unit", cores: 8 }, { name: "lint" }).events()).toBe("+unit");
  });

  it("skips all else, with the reason, when a stage fails that everything needs", async () => {
    const { events, end, results } = play(
      { name: "setup", cores: 2, needed: true },
      { name: "lint", needs: ["setup"] },
      { name: "unit", cores: 2 },
    );
    expect(events()).toBe("+setup");
    expect(await end("setup", false)).toBe(
      "-setup failed, +lint, lint: skipped: setup failed.\n, -lint skipped, +unit, unit: skipped: setup failed.\n, -unit skipped",
    );
    expect((await results).map(({ outcome }) => outcome)).toEqual(["failed", "skipped", "skipped"]);
  });

  it("asks whether a stage can run only when its turn has come", async () => {
    let made = false;
    const skip = () => (made ? undefined : "no cluster.");
    const { events, end } = play({ name: "machine" }, { name: "e2e", needs: ["machine"], skip });
    expect(events()).toBe("+machine");
    made = true;
    expect(await end("machine")).toBe("-machine passed, +e2e");
  });

  it("counts a stage that throws as failed, and goes on", async () => {
    const run = () => Promise.reject(new Error("no such file"));
    const { events, results } = play({ name: "a", run });
    expect((await results)[0]).toMatchObject({ outcome: "failed" });
    expect(events()).toMatch(/^\+a, a: Error: no such file.*, -a failed$/s);
  });

  it("says which stages wait for each other", async () => {
    const { results } = play({ name: "a", needs: ["b"] }, { name: "b", needs: ["a"] });
    await expect(results).rejects.toThrow("stages that wait for each other: a, b");
  });
});

describe("the screen", () => {
  const shown = (act) => {
    let text = "";
    act(new Screen((more) => (text += more)));
    return text;
  };
  const passed = (name) => ({ name, outcome: "passed", milliseconds: 1234 });

  it("shows the first stage as it goes, and the others whole when their turn comes", () => {
    const text = shown((screen) => {
      screen.started("e2e");
      screen.output("e2e", "first\nsec");
      screen.started("lint");
      screen.output("lint", "fine\n");
      screen.output("e2e", "ond\n");
      screen.ended(passed("lint"));
      screen.started("knip");
      screen.output("knip", "half");
      screen.ended(passed("e2e"));
      screen.output("knip", " and half\n");
      screen.ended(passed("knip"));
    });
    expect(text).toBe(
      [
        "",
        "=== e2e",
        "first",
        "[beside it: lint starts]",
        "second",
        "[beside it: lint passed in 1.2 s, shown below]",
        "[beside it: knip starts]",
        "--- e2e: passed in 1.2 s",
        "",
        "=== lint",
        "fine",
        "--- lint: passed in 1.2 s",
        "",
        "=== knip",
        "half and half",
        "--- knip: passed in 1.2 s",
        "",
      ].join("\n"),
    );
  });

  it("ends the last line of a stage that does not", () => {
    const text = shown((screen) => {
      screen.started("knip");
      screen.output("knip", "no end");
      screen.ended(passed("knip"));
    });
    expect(text).toBe("\n=== knip\nno end\n--- knip: passed in 1.2 s\n");
  });
});

describe("the summary", () => {
  const result = (name, outcome) => ({ name, outcome, milliseconds: 61_200, alone: `npx ${name}` });

  it("has a line for each stage, and the count last", () => {
    expect(summary([result("lint", "passed"), result("e2e", "skipped")])).toBe(
      "\nlint  passed    61.2 s\ne2e   skipped   61.2 s\n\n1 passed, 0 failed, 1 skipped\n",
    );
  });

  it("names the first stage that failed, and how to run it alone", () => {
    const text = summary([result("types", "passed"), result("knip", "failed"), result("unit", "failed")]);
    expect(text).toMatch(/\n\nfirst failure: knip; to run it alone: npx knip\n\n1 passed, 2 failed\n$/);
  });
});
