import { loadSpec, type ResolvedStackSpec, type Target, unsupportedFeatures } from "@cyclops/core";
import { featureRows } from "./capabilities";
import { readBindings, stackConfiguration } from "./files";
import { impossibilities, sizeFindings, warningFindings } from "./findings";
import { loadProvider, type Provider, requireBeside, TargetNotBuiltError } from "./providers";
import { show, showInputs } from "./redact";
import type { PlannedResource, TargetPlan } from "./report";

/** What is planned: plain data, so that it can be handed to another process. */
export interface PlanRequest {
  readonly specFile: string;
  readonly target: Target;
  /** YAML file with further arguments of `MlopsStack`. */
  readonly bindingsFile?: string | undefined;
  /** Pulumi's file of a stack's configuration, `Pulumi.<stack>.yaml`. */
  readonly configFile?: string | undefined;
  /** Name of the Pulumi stack, which stands in physical names. @default - the spec's environment */
  readonly stack?: string | undefined;
}

type Recorder = typeof import("@cyclops/core/plan");

/**
 * Plans one target in this process. Pulumi's mocks are global to a process, so one process plans one target.
 *
 * @throws UserError, SpecError where the request itself is wrong; what a target lacks is a status of the plan
 */
export async function planTarget({ specFile, target, bindingsFile, configFile, stack }: PlanRequest): Promise<TargetPlan> {
  const bindings = bindingsFile === undefined ? {} : readBindings(bindingsFile);
  const configuration = stackConfiguration(specFile, configFile);
  const spec = loadSpec(specFile);
  const empty = { target, resources: [], outputs: {}, features: [], findings: [] };
  let provider: Provider;
  try {
    provider = loadProvider(target, specFile);
  } catch (error) {
    if (error instanceof TargetNotBuiltError) return { ...empty, status: "absent", message: error.message };
    throw error;
  }
  const features = featureRows(spec, provider.capabilities);
  const impossible = unsupportedFeatures(spec, provider.capabilities, target);
  if (impossible.length > 0) return { ...empty, status: "impossible", features, findings: impossibilities(impossible) };

  requireBeside<typeof import("@pulumi/pulumi")>(target, specFile, "@pulumi/pulumi").runtime.setAllConfig({
    ...(configuration ?? provider.planConfiguration),
  });
  const { resources, warnings, outputs } = await record(provider, spec, stack ?? spec.environment, specFile, bindings);
  const own = resources.filter(({ component }) => !component).length;
  return {
    target,
    status: "planned",
    resources,
    outputs,
    features,
    findings: [...warningFindings(warnings), ...sizeFindings(own, Object.keys(spec.models).length)],
  };
}

async function record(
  provider: Provider,
  spec: ResolvedStackSpec,
  name: string,
  specFile: string,
  bindings: Record<string, unknown>,
) {
  const { recordProgram } = requireBeside<Recorder>(provider.target, specFile, "@cyclops/core/plan");
  const program = () => {
    const stack = new provider.MlopsStack(spec.name, { ...bindings, spec });
    const { endpointUrls, dashboardUrls, trackingUri, zones } = stack;
    return { endpointUrls, dashboardUrls, trackingUri, zones };
  };
  const mocks = provider.planCall ? { call: provider.planCall } : {};
  const recorded = await recordProgram(program, { preview: true, mocks, project: spec.name, stack: name });
  const resources = recorded.resources.map(
    ({ type, name, urn, parent, inputs, dependencies, protect, custom }): PlannedResource => ({
      type,
      name,
      urn,
      ...(parent ? { parent } : {}),
      component: !custom,
      inputs: showInputs(type, inputs),
      dependencies,
      protect,
    }),
  );
  return { resources, warnings: recorded.warnings, outputs: show(recorded.outputs) as Record<string, unknown> };
}
