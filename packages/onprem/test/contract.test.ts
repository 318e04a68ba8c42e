import path from "node:path";
import type { StackContext } from "@cyclops/core";
import { type ContractOptions, describeContract, type RecordedResource, type SecurityRule } from "@cyclops/core/testing";
import * as onprem from "../src";
import { stackLabels } from "../src/component";
import { nameLimits } from "../src/naming";
import { podProblems, podsOf } from "./support/pods";
import { isObject, kindOf, type Plain, texts } from "./support/recorded";

const hasPods = ({ inputs }: RecordedResource) =>
  ["Deployment", "StatefulSet", "Job", "WorkflowTemplate"].includes(String(inputs.kind));
const metadataOf = ({ inputs }: RecordedResource): Plain => inputs.metadata ?? {};

const security: SecurityRule[] = [
  {
    title: "pods keep to Pod Security restricted",
    applies: hasPods,
    problem: (resource) => podsOf([resource]).flatMap(podProblems).join("; ") || undefined,
  },
  {
    title: "the namespace refuses other pods",
    applies: (resource) => kindOf(resource) === "Namespace",
    problem: (resource) =>
      metadataOf(resource).labels["pod-security.kubernetes.io/enforce"] === "restricted" ? undefined : "admits any pod",
  },
  {
    title: "Services are reached from inside the cluster alone",
    applies: (resource) => kindOf(resource) === "Service",
    problem: ({ inputs }) => {
      const { type = "ClusterIP" } = inputs.spec as Plain;
      return type === "ClusterIP" ? undefined : `is a ${type}`;
    },
  },
  {
    title: "Roles have no wildcard",
    applies: (resource) => kindOf(resource) === "Role",
    problem: ({ inputs }) => (texts(inputs.rules).some(({ text }) => text.includes("*")) ? "has a wildcard" : undefined),
  },
];

const options: ContractOptions = {
  goldenFile: path.join(__dirname, "golden/resources.txt"),
  physicalName: (resource) => {
    if (!isObject(resource)) return undefined;
    const { name, namespace } = metadataOf(resource);
    const { maxLength } = kindOf(resource) === "Namespace" ? nameLimits.namespace : nameLimits.object;
    return { name, maxLength, pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/, scope: `${kindOf(resource)} ${namespace ?? ""}` };
  },
  tags: (resource) => (isObject(resource) ? (metadataOf(resource).labels ?? {}) : undefined),
  requiredTags: (context: StackContext) => stackLabels(context),
  // A cluster has no mail server of its own.
  args: { smtp: { host: "mail.example.com", from: "mlops@example.com" } },
  // No value of a Secret is an input at all.
  secretInputs: (resource) => (kindOf(resource) === "Secret" ? ["data", "stringData"] : []),
  security,
};

describeContract(onprem, options);
