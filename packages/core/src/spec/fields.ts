import { parseDuration, parseStorage } from "../quantity";
import { CronError, canonicalCron } from "./cron";
import { nearestTimeZone, timeZone } from "./time-zones";
import * as z from "./zod";

/** What is wrong with a value, and what to write instead. */
interface Problem {
  readonly message: string;
  readonly fix: string;
}

/**
 * Text that `check` must accept.
 *
 * @param what the kind of text, with an example; shown where there is none, or something that is no text
 * @param pattern what an editor can check while one types; `check` decides
 */
function text(what: string, check: (value: string) => Problem | undefined, pattern?: RegExp) {
  // In one go: each of the methods `superRefine` and `meta` would make another schema, and every program pays for all of them.
  const schema = new z.ZodString({ type: "string", error: () => what, checks: [checkOf(check)] });
  if (pattern) z.globalRegistry.add(schema, { pattern: pattern.source });
  return schema;
}

/** Text that `check` must accept, and that the targets are given as `spell` writes it. */
function spelled(what: string, check: (value: string) => Problem | undefined, spell: (value: string) => string) {
  const respelled = z.overwrite<string>((value) => (check(value) ? value : spell(value)));
  return new z.ZodString({ type: "string", error: () => what, checks: [checkOf(check), respelled] });
}

function checkOf(check: (value: string) => Problem | undefined) {
  // Models of a stack have schedules, time zones and durations in common, some of which are slow to check.
  const accepted = new Set<string>();
  return z.superRefine<string>((value, context) => {
    if (accepted.has(value)) return;
    const problem = check(value);
    if (!problem) accepted.add(value);
    else context.addIssue({ code: "custom", message: problem.message, params: { fix: problem.fix } });
  });
}

/** The same schema for the same arguments: to make one takes longer than to check a value. */
function shared<Args extends readonly (string | number)[], Schema>(make: (...args: Args) => Schema): (...args: Args) => Schema {
  const made = new Map<string, Schema>();
  return (...args) => {
    const key = args.join(" ");
    const schema = made.get(key) ?? make(...args);
    made.set(key, schema);
    return schema;
  };
}

/** Text of a form. @param fix what to write, as a sentence */
const formed = (what: string, pattern: RegExp, fix: string) =>
  text(what, (value) => (pattern.test(value) ? undefined : { message: `"${value}" is not ${what}.`, fix }), pattern);

/** Free text of one to `greatest` characters. */
export const free = shared((what: string, greatest: number) =>
  z.string({ error: what }).check(z.minLength(1), z.maxLength(greatest)),
);

/** Text, number or truth value. */
export const scalar = shared(() => z.union([z.string(), z.number(), z.boolean()], { error: "a text, a number or true/false" }));

/** Whole number within bounds. */
export const count = shared((least: number, greatest: number) => z.int().check(z.gte(least), z.lte(greatest)));

/** Share of a whole. */
export const share = shared(() => z.number().check(z.gte(0), z.lte(1)));

const durationWithin = shared((least: string, greatest: string) =>
  text(
    'a duration such as "10m"',
    (value) => {
      const seconds = parseDuration(value);
      if (seconds === undefined) {
        return { message: `"${value}" is not a duration.`, fix: 'Write a whole number and its unit, s, m, h or d, e.g. "10m".' };
      }
      if (seconds < (parseDuration(least) ?? 0)) return { message: `"${value}" is too short.`, fix: `Use at least "${least}".` };
      if (seconds > (parseDuration(greatest) ?? 0))
        return { message: `"${value}" is too long.`, fix: `Use at most "${greatest}".` };
      return undefined;
    },
    /^\d{1,7}[smhd]$/,
  ),
);

/** Duration such as `"10m"` within the bounds. */
export const duration = (least = "0s", greatest = "365d") => durationWithin(least, greatest);

/** Storage quantity such as `"10Gi"` from `"1Gi"` to `"64Ti"`. */
export const storage = () =>
  text(
    'a storage size such as "10Gi"',
    (value) => {
      const bytes = parseStorage(value);
      if (bytes === undefined) {
        return {
          message: `"${value}" is not a storage size.`,
          fix: 'Write a whole number and its unit, Mi, Gi or Ti, e.g. "10Gi".',
        };
      }
      if (bytes < 2 ** 30) return { message: `"${value}" is too small.`, fix: 'Use at least "1Gi".' };
      // No target has larger volumes.
      return bytes > 64 * 2 ** 40 ? { message: `"${value}" is too large.`, fix: 'Use at most "64Ti".' } : undefined;
    },
    /^\d{1,6}(Mi|Gi|Ti)$/,
  );

/** Cron expression of five fields, as every target reads it; six fields, `@daily` and the like differ between the targets. */
export const cron = shared(() =>
  spelled(
    'a cron expression such as "0 3 * * 1"',
    (value) => {
      try {
        canonicalCron(value);
        return undefined;
      } catch (error) {
        if (error instanceof CronError) return error;
        throw error;
      }
    },
    canonicalCron,
  ),
);

/** IANA time zone, under today's name. */
export const timezone = shared(() =>
  spelled(
    "an IANA time zone",
    (value) => {
      if (timeZone(value) !== undefined) return undefined;
      const near = nearestTimeZone(value);
      return {
        message: `"${value}" is not an IANA time zone.`,
        fix: `${near === undefined ? "" : `Did you mean "${near}"? `}Write a name such as "Europe/Rome", or "UTC".`,
      };
    },
    (value) => timeZone(value) ?? value,
  ),
);

/** Name of a stack or model. */
export const name = shared(() =>
  text(
    'a name such as "churn"',
    (value) => {
      if (value.length < 2 || value.length > 40) {
        return {
          message: `"${value}" has ${value.length === 1 ? "1 character" : `${value.length} characters`}.`,
          fix: "Use 2 to 40.",
        };
      }
      const fix = "Use lower-case letters, digits and single hyphens; start with a letter, and do not end with a hyphen.";
      return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value) ? undefined : { message: `"${value}" is not a name.`, fix };
    },
    /^(?=.{2,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  ),
);

/** Name of a column, as a key. */
export const columnKey = () => formed("the name of a column", /^[\s\S]{1,200}$/, "Use 1 to 200 characters.");

/** Name of a column. */
export const column = () => free("the name of a column", 200);

/** Prefix in one of the zones, e.g. `raw/telco/`. */
export const zonePath = shared((...zones: string[]) =>
  text(
    `a prefix such as "${zones[0]}/telco/"`,
    (value) => {
      const [zone, ...rest] = value.split("/");
      if (zone === undefined || !zones.includes(zone)) {
        return {
          message: `"${value}" does not start with a zone.`,
          fix: `Start with ${zones.map((each) => `"${each}/"`).join(" or ")}.`,
        };
      }
      if (rest.at(-1) !== "" || rest.length < 2) {
        return { message: `"${value}" is not a prefix.`, fix: `Name a folder and end it with "/", e.g. "${zone}/telco/".` };
      }
      return rest.slice(0, -1).every((part) => /^[A-Za-z0-9][A-Za-z0-9._=-]*$/.test(part))
        ? undefined
        : {
            message: `"${value}" has an empty or unsafe part.`,
            fix: 'Use letters, digits, ".", "_", "=" and "-" between the slashes, and start with a letter or digit.',
          };
    },
    new RegExp(`^(${zones.join("|")})/([A-Za-z0-9][A-Za-z0-9._=-]*/)+$`),
  ),
);

/** Address with one of the schemes, without user name and password in it. */
export const address = (...schemes: string[]) =>
  text(
    `an address such as "${schemes[0]}://..."`,
    (value) => {
      const url = URL.canParse(value) ? new URL(value) : undefined;
      const fix = `Start with ${schemes.map((each) => `${each}://`).join(" or ")}.`;
      const shown = `"${value.replace(/\/\/[^/]*@/, "//***@")}"`;
      if (!url?.host) return { message: `${shown} is not an address.`, fix };
      if (!schemes.includes(url.protocol.slice(0, -1))) return { message: `${shown} has the scheme ${url.protocol}//.`, fix };
      // Neither here nor above is a password repeated: messages end up in logs.
      return url.password
        ? { message: "holds a password.", fix: "Remove it from the address, and put it into a secret." }
        : undefined;
    },
    new RegExp(`^(${schemes.join("|")})://`),
  );

/** Name of a secret. */
export const secretName = shared(() =>
  formed(
    "the name of a secret",
    /^[a-z][a-z0-9-]{0,62}$/,
    "Use lower-case letters, digits and hyphens, at most 63, and start with a letter.",
  ),
);

/** Function of a Python package. */
export const entrypoint = () => formed("a Python function", /^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/, 'Write "package.module:function".');

/** User of the workbench. */
export const user = () =>
  formed(
    "an e-mail address or user name",
    /^[A-Za-z0-9][A-Za-z0-9._+-]*(@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?$/,
    'Write e.g. "ana@example.com" or "ana".',
  );

/** E-mail address. */
export const email = () => formed("an e-mail address", /^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'Write e.g. "oncall@example.com".');

/** Repository on GitHub. */
export const repository = () => formed("a repository", /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'Write "owner/name".');

/** Branch of a repository. */
export const branch = () => formed("the name of a branch", /^[\w./-]+$/, 'Write a single branch without wildcards, e.g. "main".');

/** Value of a tag. */
export const tagValue = () =>
  formed(
    "a tag value",
    /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/,
    "Use letters, digits, _, . and -, at most 63; start and end with a letter or digit.",
  );

/** Key of a tag. */
export const tagKey = () =>
  formed("a tag key", /^[a-z][a-z0-9_-]{0,62}$/, "Use a-z, 0-9, _ and -, at most 63, and start with a letter.");

/** Name of a hyper-parameter. */
export const parameterName = () =>
  formed("the name of a hyper-parameter", parameterForm, "Use letters, digits and _, at most 100.");
const parameterForm = /^[A-Za-z_]\w{0,99}$/;
export const isParameterName = (name: string): boolean => parameterForm.test(name);

/** Name of an environment variable. */
export const variable = () =>
  formed("the name of an environment variable", /^[A-Z][A-Z0-9_]*$/, "Use A-Z, 0-9 and _, and start with a letter.");

const anyText = z.string();

/**
 * Mapping of names that the user chooses. Unlike with zod's own check of keys, a wrong key does not hide the problems of its value.
 *
 * @param most greatest number of entries
 * @param why what sets that limit, as a sentence
 */
export function mapping<Value extends z.ZodType>(key: ReturnType<typeof text>, value: Value, most: number, why?: string) {
  const keys = z.superRefine(
    (_, context) => {
      if (typeof context.value !== "object" || context.value === null || Array.isArray(context.value)) return;
      const names = Object.keys(context.value);
      if (names.length > most) {
        const fix = [`Give at most ${most}.`, ...(why === undefined ? [] : [why])].join(" ");
        context.addIssue({ code: "custom", message: `has ${names.length} entries.`, params: { fix } });
        return;
      }
      for (const name of names) {
        for (const issue of key.safeParse(name).error?.issues ?? []) {
          if (issue.code === "custom")
            context.addIssue({ code: "custom", message: issue.message, params: { ...issue.params, name: true }, path: [name] });
        }
      }
    },
    { when: () => true },
  );
  const schema = z.record(anyText, value).check(keys);
  z.globalRegistry.add(schema, { propertyNames: { type: "string", pattern: key.meta()?.pattern }, maxProperties: most });
  return schema;
}
