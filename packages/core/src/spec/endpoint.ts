import type { Size } from "./stack";

/** `realtime`: always on; `serverless`: scales to zero by itself; `async`: queued requests, results in storage. */
export const endpointKinds = ["realtime", "serverless", "async"] as const;
export type EndpointKind = (typeof endpointKinds)[number];

/** How a new version takes over. `shadow` sends it copies of requests, and promotes it when none failed. */
export const rolloutStrategies = ["all-at-once", "canary", "shadow"] as const;
export type RolloutStrategy = (typeof rolloutStrategies)[number];

/** How a new version takes over from the champion. */
export interface RolloutSpec {
  /** Strategy. @default "canary" (async: "all-at-once") */
  strategy?: RolloutStrategy;
  /** Share of requests for the new version in percent, 1 to 100 (canary: 1 to 50). @default 10 (all-at-once: 100) */
  percent?: number;
  /** How long the new version is watched before it is promoted. @default "10m" */
  bake?: string;
  /** Share of failed requests of the new version, in [0, 1], above which it is rolled back. @default 0.01 */
  maxErrorRate?: number;
}

/** Logging of requests for monitoring. */
export interface CaptureSpec {
  /** Share of requests that are kept, in percent, 0 to 100; of more than 1,000 a second and replica a random sample. @default 100 */
  percent?: number;
}

/** Online predictions. */
export interface EndpointSpec {
  /** Kind of endpoint. @default "realtime" */
  kind?: EndpointKind;
  /** Size of one replica. @default "S" */
  size?: Size;
  /** Number of GPUs of one replica, 0 to 8. @default 0 */
  gpu?: number;
  /** Bounds of the autoscaler. @default {min: 1, max: 3} */
  replicas?: {
    /** Least number of replicas, 0 to 100; realtime: at least 1. @default 1 (serverless: 0) */
    min?: number;
    /** Greatest number of replicas, 1 to 200. @default 3 */
    max?: number;
  };
  /** CPU use in percent of the request that the autoscaler aims at, 10 to 95. @default 70 */
  targetUtilization?: number;
  /** How a new version takes over. @default {strategy: "canary", percent: 10, bake: "10m"} */
  rollout?: RolloutSpec;
  /** Logging of requests. @default {percent: 100} */
  capture?: CaptureSpec;
}
