// What the schemas take of zod. `scripts/bundle.mjs` writes the compiled form of this file with zod inside, without what is not named here:
// all of zod is 95 files and its messages in 64 languages, and every program that makes a stack would load them. See decision 0009.
export type { core, output } from "zod";
export {
  array,
  boolean,
  discriminatedUnion,
  enum,
  globalRegistry,
  gte,
  int,
  literal,
  lte,
  maxLength,
  minLength,
  number,
  overwrite,
  partialRecord,
  record,
  strictObject,
  string,
  superRefine,
  toJSONSchema,
  union,
  ZodString,
  ZodType,
} from "zod";
