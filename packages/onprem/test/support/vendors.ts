import { CronWorkflow } from "@kubernetes-models/argo-workflows/argoproj.io/v1alpha1/CronWorkflow";
import { WorkflowTemplate } from "@kubernetes-models/argo-workflows/argoproj.io/v1alpha1/WorkflowTemplate";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import { PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { AlertmanagerConfig } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { Job } from "kubernetes-models/batch/v1/Job";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Role } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import { RoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { Secret } from "kubernetes-models/v1/Secret";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import ts from "typescript";
import type { Plain } from "./recorded";

interface Model {
  validate(): void;
}
interface Vendor {
  readonly apiVersion: string;
  readonly kind: string;
  readonly module: string;
  check(object: Plain): Model;
}

const vendor = (module: string, Class: { apiVersion: string; kind: string; new (data?: Plain): Model }): Vendor => ({
  apiVersion: Class.apiVersion,
  kind: Class.kind,
  module,
  check: (object) => new Class(object),
});

const kubernetes = "kubernetes-models";
const argo = "@kubernetes-models/argo-workflows/argoproj.io/v1alpha1";
const operator = "@kubernetes-models/prometheus-operator/monitoring.coreos.com";
const vendors: readonly Vendor[] = [
  vendor(`${kubernetes}/v1/Namespace`, Namespace),
  vendor(`${kubernetes}/v1/Service`, Service),
  vendor(`${kubernetes}/v1/ServiceAccount`, ServiceAccount),
  vendor(`${kubernetes}/v1/Secret`, Secret),
  vendor(`${kubernetes}/v1/ConfigMap`, ConfigMap),
  vendor(`${kubernetes}/v1/PersistentVolumeClaim`, PersistentVolumeClaim),
  vendor(`${kubernetes}/apps/v1/Deployment`, Deployment),
  vendor(`${kubernetes}/apps/v1/StatefulSet`, StatefulSet),
  vendor(`${kubernetes}/batch/v1/Job`, Job),
  vendor(`${kubernetes}/autoscaling/v2/HorizontalPodAutoscaler`, HorizontalPodAutoscaler),
  vendor(`${kubernetes}/policy/v1/PodDisruptionBudget`, PodDisruptionBudget),
  vendor(`${kubernetes}/networking.k8s.io/v1/NetworkPolicy`, NetworkPolicy),
  vendor(`${kubernetes}/rbac.authorization.k8s.io/v1/Role`, Role),
  vendor(`${kubernetes}/rbac.authorization.k8s.io/v1/RoleBinding`, RoleBinding),
  vendor(`${argo}/WorkflowTemplate`, WorkflowTemplate),
  vendor(`${argo}/CronWorkflow`, CronWorkflow),
  vendor(`${operator}/v1/PodMonitor`, PodMonitor),
  vendor(`${operator}/v1/ServiceMonitor`, ServiceMonitor),
  vendor(`${operator}/v1/PrometheusRule`, PrometheusRule),
  vendor(`${operator}/v1alpha1/AlertmanagerConfig`, AlertmanagerConfig),
  vendor("@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute", HTTPRoute),
];

/**
 * What the vendors' own definitions find wrong with objects of the API server: fields that do not exist, are missing or have the wrong
 * type. Their validators do not mind unknown fields, so the compiler also holds each object, as a literal, against their types.
 */
export function vendorProblems(objects: Readonly<Record<string, Plain>>): string[] {
  return [...Object.entries(objects).flatMap(([name, object]) => invalid(name, object)), ...untyped(objects)];
}

function vendorOf(name: string, { apiVersion, kind }: Plain): Vendor {
  const found = vendors.find((each) => each.apiVersion === apiVersion && each.kind === kind);
  if (!found) throw new Error(`${name}: add the vendor's model of ${apiVersion} ${kind} to this file`);
  return found;
}

function invalid(name: string, object: Plain): string[] {
  try {
    vendorOf(name, object).check(structuredClone(object)).validate();
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Fields that the types do not have, or have otherwise. */
function untyped(objects: Readonly<Record<string, Plain>>): string[] {
  const used = [...new Set(Object.entries(objects).map(([name, object]) => vendorOf(name, object)))];
  const imports = used.map(({ module, kind }) => `import type { I${kind} } from "${module}";`);
  const names = Object.keys(objects);
  // One line an object, so that a problem's line tells whose it is.
  const lines = Object.values(objects).map(
    (object, index) => `export const object${index}: I${object.kind} = ${JSON.stringify(object)};`,
  );
  const file = `${__dirname}/emitted.ts`;
  const text = [...imports, ...lines].join("\n");
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, language, ...rest) =>
    path === file ? ts.createSourceFile(path, text, language) : getSourceFile(path, language, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start = 0, messageText }) => {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    return `${names[line - imports.length] ?? source?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}
