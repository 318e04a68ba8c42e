import * as pulumi from "@pulumi/pulumi";
import { missingRecovery, recoveryAdvice } from "./documents/recovery";

/** Runs of a program that have been told, by their connection to the engine: a program may have a component for each of many models. */
const told = new WeakSet<object>();

/**
 * Warns of a stack whose `up` cannot go on after one that was stopped. Says nothing where a component was given a provider: that has options
 * of its own, which nobody else can read.
 */
export function warnOfRecovery(component: pulumi.ComponentResource): void {
  if (component.getProvider("kubernetes:core/v1:Namespace") !== undefined) return;
  const config = new pulumi.Config("kubernetes");
  const missing = missingRecovery(
    (key) => config.get(key),
    (variable) => process.env[variable],
  );
  const run = pulumi.runtime.getMonitor();
  if (missing.length === 0 || run === undefined || told.has(run)) return;
  told.add(run);
  void pulumi.log.warn(recoveryAdvice(missing), component);
}
