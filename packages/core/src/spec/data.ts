/** How a file is encoded. */
export const dataFormats = ["csv", "parquet", "jsonl"] as const;
export type DataFormat = (typeof dataFormats)[number];

/** Logical column types that the curate step coerces to and checks. */
export const columnTypes = ["integer", "number", "string", "boolean", "datetime"] as const;
export type ColumnType = (typeof columnTypes)[number];

/** Where raw data comes from when it is not simply dropped into the raw zone. Exactly one kind. */
export type DataSource =
  | {
      kind: "object";
      /** Any fsspec address, e.g. `s3://bucket/prefix/`. */
      uri: string;
      /** Name of the secret with the credentials. @default - the step's own identity */
      secret?: string;
    }
  | {
      kind: "http";
      /** HTTPS address of one file. */
      url: string;
      /** Name of the secret whose `token` is sent as bearer token. @default - no authentication */
      secret?: string;
    }
  | {
      kind: "sql";
      /** A single SELECT statement. */
      query: string;
      /** Name of the secret whose `url` is the SQLAlchemy address; a database is never read without one. */
      secret: string;
    };

/** Constraints of one column, checked on every ingested row. */
export interface ColumnSpec {
  /** Type the values are coerced to. */
  type: ColumnType;
  /** Whether a value may be missing. @default false */
  nullable?: boolean;
  /** Smallest allowed value (numbers only). @default - unbounded */
  min?: number;
  /** Largest allowed value (numbers only). @default - unbounded */
  max?: number;
  /** The allowed values (strings only). @default - any */
  allowed?: string[];
  /** Whether values must not repeat. @default false */
  unique?: boolean;
}

/** Training data of one model. */
export interface DataSpec {
  /** Place of the raw files: a prefix in the raw zone, e.g. `raw/telco/`. All files below it that end as the format does are read. */
  path: string;
  /** Encoding of the files: `.csv`; `.parquet` or `.pq`; `.jsonl`, `.ndjson` or `.json` (an object a line). @default "csv" */
  format?: DataFormat;
  /** Where the ingest step fetches new raw files from. @default - files are put below `path` by someone else */
  source?: DataSource;
  /** Column to predict. */
  target: string;
  /** Value of `target` that counts as positive, as the files spell it; binary classification only. @default - required for binary classification */
  positive?: string | number | boolean;
  /** Column that identifies a row: text, as it is written; never a feature; joins late labels. @default - none */
  id?: string;
  /** Column with the time of the row; never a feature. @default - none */
  timestamp?: string;
  /** Columns that are not features. @default [] */
  drop?: string[];
  /** Constraints by column. @default {} (types are inferred, nothing is checked but the target) */
  schema?: Record<string, ColumnSpec>;
  /** Share of rows, in [0, 1], that may break a constraint (they are set aside); more fails the run. @default 0.05 */
  maxViolationShare?: number;
}
