import type { ModelSpec } from "./model";

/** Lifecycle class of a stack: `prod` protects data on destroy, the others are removable without a trace. */
export const environments = ["dev", "test", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

/** T-shirt sizes, mapped to CPU, memory and instance types by each target's `defaults.ts`. */
export const sizes = ["S", "M", "L", "XL"] as const;
export type Size = (typeof sizes)[number];

/** Shared notebooks for data scientists. */
export interface WorkbenchSpec {
  /** E-mail addresses (or user names) that get a workbench of their own; at least one. */
  users: string[];
  /** Size of one workbench. @default "S" */
  size?: Size;
  /** A workbench without activity for this long is shut down; at least `"10m"`. @default "60m" */
  idleShutdown?: string;
  /** Home volume of one user, `"1Gi"` to `"64Ti"`. @default "10Gi" */
  storage?: string;
}

/** Where alerts go. At least one channel when given. */
export interface AlertsSpec {
  /** E-mail addresses that receive every alert. @default [] */
  email?: string[];
  /** HTTPS addresses that receive every alert as a JSON document. @default [] */
  webhook?: string[];
}

/** Money the stack may use. */
export interface BudgetSpec {
  /** Limit of one calendar month in USD. */
  monthlyUsd: number;
  /** Shares of the limit at which an alert is sent, each in (0, 2]. @default [0.8, 1] */
  alertAt?: number[];
}

/** Which continuous-integration systems may deploy this stack. */
export interface DeliverySpec {
  /** GitHub Actions of one repository. */
  github?: {
    /** `owner/name` of the repository. */
    repository: string;
    /** Branches whose workflows may deploy. @default ["main"] */
    branches?: string[];
  };
  /** Creates an identity for a Jenkins agent. @default false */
  jenkins?: boolean;
}

/** One platform and its models: everything that means the same on every target. */
export interface StackSpec {
  /** Name of the stack: 2 to 40 characters `[a-z0-9-]`, starting with a letter. Prefix of every physical name. */
  name: string;
  /** Lifecycle class. @default "dev" */
  environment?: Environment;
  /** The models by name (2 to 40 characters `[a-z0-9-]`, starting with a letter). @default {} (a platform alone) */
  models?: Record<string, ModelSpec>;
  /** Notebooks. @default - none */
  workbench?: WorkbenchSpec;
  /** Alert channels. @default - alerts are shown on the dashboard only */
  alerts?: AlertsSpec;
  /** Spending limit. @default - none */
  budget?: BudgetSpec;
  /** CI identities. @default - none */
  delivery?: DeliverySpec;
  /** Extra tags (labels) on every resource that can carry them, at most 40. @default {} */
  tags?: Record<string, string>;
}
