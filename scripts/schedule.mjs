// Runs stages side by side, as many as the cores of a machine bear, and shows them one after the other.

/**
 * A stage. `cores`: how many it keeps busy. `needs`: names of stages that must have ended before, however they ended. `needed`: nothing
 * else runs once this one has failed. `skip` answers why it cannot run here, when its turn has come. `run` gets a function that takes
 * its output, and answers whether it passed. `alone`: how a person runs it alone.
 * @typedef {{name: string, cores: number, needs?: string[], needed?: boolean, skip?: () => string | undefined,
 *   run: (write: (text: string) => void) => Promise<boolean>, alone: string}} Stage
 * @typedef {{name: string, alone: string, outcome: "passed" | "failed" | "skipped", milliseconds: number}} Result
 */

/**
 * Runs the stages and answers their results in the order of the list. Of those that may start, the first of the list does, and
 * whichever fits beside what runs: a stage that needs more cores than are free does not hold up one behind it that needs less.
 * @param {Stage[]} stages
 * @param {{cores: number, on: {started(name: string): void, output(name: string, text: string): void, ended(result: Result): void},
 *   now?: () => number}} options
 * @returns {Promise<Result[]>}
 */
export function schedule(stages, { cores, on, now = Date.now }) {
  const results = new Map();
  const waiting = [...stages];
  let free = cores;
  let running = 0;
  let stopped;

  return new Promise((resolve, reject) => {
    const end = (stage, outcome, since) => {
      const result = { name: stage.name, alone: stage.alone, outcome, milliseconds: now() - since };
      results.set(stage.name, result);
      if (stage.needed && outcome === "failed") stopped ??= stage.name;
      on.ended(result);
    };

    const begin = async (stage) => {
      const since = now();
      on.started(stage.name);
      const write = (text) => on.output(stage.name, text);
      const reason = stopped === undefined ? stage.skip?.() : `${stopped} failed.`;
      if (reason !== undefined) {
        write(`skipped: ${reason}\n`);
        end(stage, "skipped", since);
        return;
      }
      const taken = Math.min(stage.cores, cores);
      free -= taken;
      running++;
      const passed = await stage.run(write).catch((error) => {
        write(`${error?.stack ?? error}\n`);
        return false;
      });
      free += taken;
      running--;
      end(stage, passed ? "passed" : "failed", since);
      advance();
    };

    const ready = (stage) =>
      stopped !== undefined ||
      (stage.needs ?? []).every((name) => results.has(name) || !stages.some((other) => other.name === name));
    const fits = (stage) => stopped !== undefined || Math.min(stage.cores, cores) <= free;

    function advance() {
      for (let next = take(); next !== undefined; next = take()) begin(next).catch(reject);
      if (results.size === stages.length) resolve(stages.map(({ name }) => results.get(name)));
      else if (running === 0 && waiting.length > 0) {
        reject(new Error(`stages that wait for each other: ${waiting.map(({ name }) => name).join(", ")}`));
      }
    }

    function take() {
      const place = waiting.findIndex((stage) => ready(stage) && fits(stage));
      return place < 0 ? undefined : waiting.splice(place, 1)[0];
    }

    advance();
  });
}

/**
 * Shows stages that run side by side one after the other, in the order in which they started: the first that has not ended is shown
 * as it goes, the output of the others is kept until their turn comes, and all that is said of them meanwhile is that they started and
 * ended. Whole lines only, so that those words stand on lines of their own.
 */
export class Screen {
  #write;
  #shown = [];

  /** @param {(text: string) => void} write */
  constructor(write) {
    this.#write = write;
  }

  started(name) {
    this.#shown.push({ name, text: "", end: undefined });
    if (this.#shown.length === 1) this.#write(`\n=== ${name}\n`);
    else this.#write(`[beside it: ${name} starts]\n`);
  }

  output(name, text) {
    const stage = this.#shown.find((other) => other.name === name);
    stage.text += text;
    if (stage !== this.#shown[0]) return;
    const whole = stage.text.lastIndexOf("\n") + 1;
    this.#write(stage.text.slice(0, whole));
    stage.text = stage.text.slice(whole);
  }

  ended({ name, outcome, milliseconds }) {
    const stage = this.#shown.find((other) => other.name === name);
    stage.end = `--- ${name}: ${outcome} in ${time(milliseconds)}\n`;
    if (stage !== this.#shown[0]) this.#write(`[beside it: ${name} ${outcome} in ${time(milliseconds)}, shown below]\n`);
    while (this.#shown[0]?.end !== undefined) {
      const { text, end } = this.#shown.shift();
      this.#write(`${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${end}`);
      const next = this.#shown[0];
      if (next === undefined) break;
      this.#write(`\n=== ${next.name}\n`);
      if (next.end === undefined) this.output(next.name, "");
    }
  }
}

const time = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** What is said at the end: a table of the stages, the first that failed and how to run it alone, and the count as the last line. */
export function summary(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  const line = ({ name, outcome, milliseconds }) =>
    `${name.padEnd(width)}  ${outcome.padEnd(7)} ${time(milliseconds).padStart(8)}\n`;
  const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
  const failed = results.find(({ outcome }) => outcome === "failed");
  const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
  return [
    "\n",
    ...results.map(line),
    ...(failed === undefined ? [] : [`\nfirst failure: ${failed.name}; to run it alone: ${failed.alone}\n`]),
    `\n${count("passed")} passed, ${count("failed")} failed${skipped}\n`,
  ].join("");
}
