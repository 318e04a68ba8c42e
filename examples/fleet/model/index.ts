import { loadSpec, Model, Platform } from "@cyclops/onprem";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const spec = loadSpec(`teams/${config.require("team")}.yaml`);
const model = config.require("model");

const platform = Platform.reference(new pulumi.StackReference(config.require("platform")));
// The team's name comes first: two teams may each have a model called "churn" in the platform's namespace.
const made = new Model(`${spec.name}-${model}`, { spec, model, platform });

export const { trainingId, batchId, endpointUrl, dashboardUrl } = made;
