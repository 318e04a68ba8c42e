/** When a schedule runs: the values of each field, in order. */
export interface CronTimes {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** Days of the week from 0, which is Sunday, to 6. */
  readonly weekdays: readonly number[];
}

interface Field {
  /** With its article. */
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of values, of which the first is that of `least`. */
  readonly names?: readonly string[];
}

const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const fields: Readonly<Record<keyof CronTimes, Field>> = {
  minutes: { name: "a minute", least: 0, most: 59 },
  hours: { name: "an hour", least: 0, most: 23 },
  daysOfMonth: { name: "a day of the month", least: 1, most: 31 },
  months: {
    name: "a month",
    least: 1,
    most: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  weekdays: { name: "a day of the week", least: 0, most: 6, names: weekdayNames },
};
const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a cron expression, and what to write instead. */
export class CronError extends Error {
  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

/** Part of a field: the values from `first` to `last`, `step` apart. `last` may be 7, Sunday as the end of a week. */
interface Part {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly star: boolean;
}

/**
 * When a cron expression of five fields runs. What is accepted is what every target runs at the same instants: robfig/cron, which Argo parses
 * schedules with, is the strictest but for Sunday as 7 (decision 0044). Days of the month and days of the week are not combined: cron runs on
 * either of them, many of its successors on days that are both, and EventBridge takes one of them only.
 *
 * @throws CronError with the mend
 */
export function cronTimes(expression: string): CronTimes {
  return timesOf(partsOf(expression), expression);
}

/** The expression as every target reads it: numbers in place of names, Sunday 0, `*` for a field that holds all there is. @throws CronError */
export function canonicalCron(expression: string): string {
  const parts = partsOf(expression);
  const times = timesOf(parts, expression);
  return keys.map((key) => render(parts[key], times[key], fields[key])).join(" ");
}

const keys = Object.keys(fields) as (keyof CronTimes)[];
type Parts = Readonly<Record<keyof CronTimes, readonly Part[]>>;

function partsOf(expression: string): Parts {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== keys.length) {
    throw new CronError(
      `"${expression}" is not a cron expression of five fields.`,
      'Write five fields, minute hour day-of-month month day-of-week, e.g. "0 3 * * 1".',
    );
  }
  if (/[LW#?]/.test(expression.replace(/[A-Za-z]{3}/g, ""))) {
    throw new CronError(
      `"${expression}" uses L, W, # or ?, which not every target knows.`,
      "Use numbers, *, ranges (1-5), lists (1,3) and steps (*/10).",
    );
  }
  const parts = Object.fromEntries(
    keys.map((key, index) => [key, (texts[index] ?? "").split(",").map((text) => parsePart(text, fields[key], expression))]),
  ) as unknown as Parts;
  const isOpen = (key: keyof CronTimes) => parts[key].some(({ star, step }) => star && step === 1);
  if (!isOpen("daysOfMonth") && !isOpen("weekdays")) {
    throw new CronError(
      `"${expression}" has both days of the month and days of the week, which not every target runs on the same days.`,
      "Put * into the third field or into the fifth.",
    );
  }
  return parts;
}

function timesOf(parts: Parts, expression: string): CronTimes {
  const times = Object.fromEntries(keys.map((key) => [key, valuesOf(parts[key], fields[key])])) as unknown as CronTimes;
  const longest = Math.max(...times.months.map((month) => daysIn[month - 1] ?? 0));
  const earliest = times.daysOfMonth[0] ?? 1;
  if (earliest > longest) {
    throw new CronError(
      `"${expression}" never runs: no month of it has a day ${earliest}.`,
      "Give a day that the month has; those to 28 are in all of them.",
    );
  }
  return times;
}

function parsePart(text: string, field: Field, expression: string): Part {
  const fail = (problem: string, fix: string) => new CronError(`"${expression}": ${problem}`, fix);
  const [, range = "", step] = /^(\*|\w+(?:-\w+)?)(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  const [from = "", to] = range.split("-");
  if (range === "" || from === "") {
    throw fail(`"${text}" is not ${field.name}.`, "Use numbers, *, ranges (1-5), lists (1,3) and steps (*/10).");
  }
  const star = range === "*";
  const first = star ? field.least : numberOf(from, field);
  const last = star ? field.most : to === undefined ? first : endOf(to, field);
  const names = field.names ? ` (or ${field.names[0]} to ${field.names.at(-1)})` : "";
  const within = `Use ${field.least} to ${field.most}${names}.`;
  if (first === undefined || last === undefined) {
    const wrong = first === undefined ? from : to;
    throw fail(`"${wrong}" is not ${field.name}.`, within);
  }
  if (first > last) throw fail(`the range "${range}" ends before it begins.`, `Write two ranges, as a list. ${within}`);
  const by = step === undefined ? 1 : Number(step);
  if (step !== undefined && !star && to === undefined) {
    // EventBridge and robfig/cron read 5/10 as 5-59/10, others as 5.
    throw fail(`"${text}" has a step without a range.`, `Write the range, e.g. "${from}-${field.most}/${step}".`);
  }
  if (by < 1 || by > field.most - field.least + 1) {
    throw fail(`the step of "${text}" is not from 1 to ${field.most - field.least + 1}.`, "Use a step within the field.");
  }
  return { first, last, step: by, star };
}

/** Value of a number or a name. Sunday as 7 stands for 0. */
function numberOf(text: string, { least, most, names }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + least;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  const greatest = names === weekdayNames ? 7 : most;
  return value >= least && value <= greatest ? value : undefined;
}

/** Value at the end of a range, where Sunday ends a week: `fri-sun`. */
function endOf(text: string, field: Field): number | undefined {
  const value = numberOf(text, field);
  return field.names === weekdayNames && text.toLowerCase() === "sun" ? 7 : value;
}

function valuesOf(parts: readonly Part[], { least, most }: Field): number[] {
  const size = most - least + 1;
  const values = parts.flatMap(({ first, last, step }) =>
    Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step),
  );
  return [...new Set(values.map((value) => (value > most ? value - size : value)))].sort((a, b) => a - b);
}

function render(parts: readonly Part[], values: readonly number[], { least, most }: Field): string {
  if (values.length === most - least + 1) return "*";
  if (parts.some(({ last }) => last > most)) return ranges(values);
  return parts.map(renderPart).join(",");
}

function renderPart({ first, last, step, star }: Part): string {
  const range = star ? "*" : first === last ? String(first) : `${first}-${last}`;
  return step === 1 || first === last ? range : `${range}/${step}`;
}

/** Values as a list of numbers and ranges. */
function ranges(values: readonly number[]): string {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs.map((run) => (run.length > 1 ? `${run[0]}-${run.at(-1)}` : String(run[0]))).join(",");
}
