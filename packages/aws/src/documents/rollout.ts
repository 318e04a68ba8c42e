import { durationSeconds, type ResolvedEndpointSpec } from "@cyclops/core";
import type { Steps } from "./asl";
import type { EndpointNames, MachineContext } from "./context";
import { createConfig, createModel, newPath, previousPath } from "./endpoint-config";
import { describeCurrent, ends, fleetSize, type Shift, shrink, update, watch } from "./rollout-states";

/** SageMaker holds a share for an hour at most. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html */
const longestShareSeconds = 3600;
/** A share is made of whole instances, and at most half of them. https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html */
const canaryInstances = 2;

interface Plan {
  /** Copies of requests before any share: serverless endpoints have no shadow variants. */
  readonly shadow: boolean;
  /** Whether SageMaker's deployment guardrails, and fleets of instances, are there: not where it is serverless. */
  readonly guarded: boolean;
  readonly shift: Shift;
  /** Seconds for which the machine itself watches the alarms. */
  readonly watched: number;
}

function planOf({ kind, rollout }: ResolvedEndpointSpec, alarms: readonly string[]): Plan {
  const guarded = kind !== "serverless";
  const bake = rollout.strategy === "all-at-once" ? 0 : durationSeconds(rollout.bake);
  const shadow = guarded && rollout.strategy === "shadow";
  if (guarded && rollout.strategy === "canary") {
    const seconds = Math.min(bake, longestShareSeconds);
    return { shadow, guarded, shift: { kind: "canary", alarms, percent: rollout.percent, seconds }, watched: bake - seconds };
  }
  return { shadow, guarded, shift: { kind: "at-once", alarms }, watched: bake };
}

/** Seconds for which the machine itself watches a version. */
export const watchedSeconds = (spec: ResolvedEndpointSpec): number => planOf(spec, []).watched;

/**
 * The states of a rollout. SageMaker shifts requests and rolls back by alarms where it can (blue/green with a canary); where it cannot
 * (serverless, shadow, more than an hour) the machine looks at the same alarms and puts the previous configuration back.
 */
export function rolloutSteps(context: MachineContext, spec: ResolvedEndpointSpec, names: EndpointNames): Steps {
  const { shadow, guarded, shift, watched } = planOf(spec, names.rollbackAlarms);
  const least = shift.kind === "canary" ? canaryInstances : 1;
  const after = least > 1 ? "FleetGrew" : "Promote";
  const watchesSelf = watched > 0 || shadow;
  const back = watchesSelf ? "Revert" : "RejectPackage";
  return [
    ...describeCurrent(context, names, guarded),
    ...(guarded ? fleetSize(least, "CreateModel") : []),
    ["CreateModel", createModel(context, spec, names)],
    ["CreateEndpointConfig", createConfig(context, spec, names, false)],
    [
      "FirstVersion",
      {
        Type: "Choice",
        Choices: [{ Variable: previousPath, StringEquals: names.bootstrapConfig, Next: "PutFirst" }],
        Default: shadow ? "CreateShadowConfig" : "Update",
      },
    ],
    // What serves no version answers 503, which the alarms would take for failures of the new one.
    ...update(context, names, "PutFirst", { path: newPath }, guarded ? { kind: "at-once", alarms: [] } : null, {
      done: after,
      back: "RejectPackage",
    }),
    ...(shadow ? shadowSteps(context, spec, names, watched) : []),
    ...update(context, names, "Update", { path: newPath }, guarded ? shift : null, {
      done: watchesSelf && !shadow ? "Watch" : after,
      // Where SageMaker takes this update back, the configuration with the shadow is served again.
      back: shadow ? back : "RejectPackage",
    }),
    ...(watchesSelf && !shadow ? watch(context, "Watch", watched, names.rollbackAlarms, { done: after, alarm: "Revert" }) : []),
    ...(watchesSelf
      ? update(context, names, "Revert", { path: previousPath }, guarded ? { kind: "at-once", alarms: [] } : null, {
          done: "RejectPackage",
          back: "EndpointBroken",
        })
      : []),
    ...(least > 1 ? shrink(context, names, least, "Promote") : []),
    ...ends(context, names, shadow),
  ];
}

/** Copies of requests for the bake time; the alarms are those of the shadow variant. */
function shadowSteps(context: MachineContext, spec: ResolvedEndpointSpec, names: EndpointNames, watched: number): Steps {
  return [
    ["CreateShadowConfig", createConfig(context, spec, names, true)],
    ...update(
      context,
      names,
      "StartShadow",
      { path: newPath, format: "{}-shadow" },
      { kind: "at-once", alarms: [] },
      { done: "WatchShadow", back: "RejectPackage" },
    ),
    ...watch(context, "WatchShadow", watched, names.shadowAlarms, { done: "Update", alarm: "Revert" }),
  ];
}
