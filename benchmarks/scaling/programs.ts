// Stacks of any number of models, each like the churn example's.
import { join } from "node:path";
import { loadSpec, MlopsStack, Model, Platform } from "@cyclops/onprem";
import * as pulumi from "@pulumi/pulumi";
import { root } from "../lib/root";

const churn = loadSpec(join(root, "examples/churn/mlops.yaml"));
const modelName = (index: number): string => `model-${index}`;

function specOf(models: readonly number[]) {
  const model = churn.models.churn;
  if (!model) throw new Error("the churn example has lost its model");
  const { name, environment, workbench } = churn;
  // Given as a resolved spec's fields, but checked again: what a large spec costs is part of the measurement.
  return {
    name,
    environment,
    ...(workbench ? { workbench } : {}),
    models: Object.fromEntries(models.map((index) => [modelName(index), modelSpec(model)])),
  };
}

/** What a user would write of the resolved model: steps that the pipeline does not have cannot be configured. */
function modelSpec({ training: { steps: _steps, ...training }, ...model }: NonNullable<(typeof churn.models)[string]>) {
  return { ...model, training };
}

/** One stack with everything. */
export const stackOf = (models: number) => (): object => {
  const numbers = Array.from({ length: models }, (_, index) => index);
  const { endpointUrls, trackingUri } = new MlopsStack("fleet", { spec: specOf(numbers) });
  return { endpointUrls, trackingUri };
};

/** The platform of a fleet. */
export function platform(): object {
  const { binding } = new Platform("fleet", { spec: specOf([]) });
  return { binding };
}

/** The stack of one model of a fleet. */
export const modelStack = (index: number) => (): object => {
  const binding = Platform.reference(new pulumi.StackReference("organization/platform/dev"));
  const { endpointUrl } = new Model("model", { spec: specOf([index]), model: modelName(index), platform: binding });
  return { endpointUrl };
};
