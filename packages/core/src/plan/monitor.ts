import * as pulumi from "@pulumi/pulumi";
import * as protocol from "@pulumi/pulumi/proto/resource_pb";
import type { RecordedResource, RecorderMocks } from "./types";
import { decodeRecord } from "./values";

type Callback<Response> = (error: Error | null, response?: Response) => void;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Struct = NonNullable<ReturnType<protocol.RegisterResourceRequest["getObject"]>>;
type Fields = Record<string, unknown>;
type Answer = NonNullable<ReturnType<NonNullable<RecorderMocks["resource"]>>>;

interface MonitorSettings {
  /** Start of every URN, `urn:pulumi:<stack>::<project>`. */
  readonly prefix: string;
  readonly preview: boolean;
  readonly mocks: RecorderMocks;
  readonly keepInputs: boolean;
}

/** The methods of Pulumi's resource monitor that see resources, and what they have seen. */
export interface RecordingMonitor {
  readonly resources: readonly RecordedResource[];
  /** Number of requests so far. */
  requests(): number;
  /** Replacements for the methods of the mock monitor. */
  readonly methods: Readonly<Record<"registerResource" | "readResource" | "registerResourceOutputs", unknown>>;
}

/**
 * A resource monitor that answers like the engine does: inputs come back as outputs in the wire format, so that secrets stay secret and
 * unknown values unknown. (The mock monitor of the SDK decodes and encodes them in between, and loses both inside lists.)
 */
export function recordingMonitor({ prefix, preview, mocks, keepInputs }: MonitorSettings): RecordingMonitor {
  const resources: RecordedResource[] = [];
  const byUrn = new Map<string, Writable<RecordedResource>>();
  let requests = 0;
  // Nobody looks at inputs that are neither kept nor shown to a mock: then they are not decoded.
  const readsInputs = keepInputs || mocks.resource !== undefined;

  const urnOf = (parent: string, type: string, name: string): string => {
    const parentType = parent.split("::")[2];
    return [prefix, parentType && parentType !== "pulumi:pulumi:Stack" ? `${parentType}$${type}` : type, name].join("::");
  };

  const add = (resource: RecordedResource): void => {
    if (byUrn.has(resource.urn))
      throw new Error(`duplicate resource URN ${resource.urn}: give one of the two resources another name`);
    const kept: Writable<RecordedResource> = keepInputs ? resource : { ...resource, inputs: {}, inputDependencies: {} };
    byUrn.set(resource.urn, kept);
    resources.push(kept);
  };

  const registerResource = async (request: protocol.RegisterResourceRequest): Promise<protocol.RegisterResourceResponse> => {
    const object = request.getObject() as Struct;
    const resource: RecordedResource = {
      ...common(request, urnOf(request.getParent(), request.getType(), request.getName())),
      custom: request.getCustom() || request.getRemote(),
      read: false,
      inputs: readsInputs ? decodeRecord(object.toJavaScript()) : {},
      inputDependencies: readsInputs ? dependenciesOf(request) : {},
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      outputs: undefined,
    };
    add(resource);
    const answer: Answer = preview || !resource.custom ? {} : { id: `${resource.name}-id`, ...mocks.resource?.(resource) };
    const response = new protocol.RegisterResourceResponse();
    response.setUrn(resource.urn);
    response.setId(answer.id ?? "");
    response.setObject(await withState(object, answer.state));
    return response;
  };

  const readResource = async (request: protocol.ReadResourceRequest): Promise<protocol.ReadResourceResponse> => {
    const properties = request.getProperties() as Struct;
    const resource: RecordedResource = {
      ...common(request, urnOf(request.getParent(), request.getType(), request.getName())),
      custom: true,
      read: true,
      inputs: readsInputs ? { ...decodeRecord(properties.toJavaScript()), id: request.getId() } : {},
      inputDependencies: {},
      protect: false,
      retainOnDelete: false,
      ignoreChanges: [],
      outputs: undefined,
    };
    add(resource);
    const response = new protocol.ReadResourceResponse();
    response.setUrn(resource.urn);
    response.setProperties(await withState(properties, mocks.resource?.(resource)?.state));
    return response;
  };

  const registerResourceOutputs = (request: protocol.RegisterResourceOutputsRequest): Promise<object> => {
    const resource = byUrn.get(request.getUrn());
    if (!resource) throw new Error(`outputs of an unknown resource ${request.getUrn()}`);
    resource.outputs = keepInputs ? decodeRecord(request.getOutputs()?.toJavaScript() ?? {}) : {};
    return Promise.resolve({});
  };

  const method =
    <Request, Response>(answer: (request: Request) => Promise<Response>) =>
    (request: Request, callback: Callback<Response>): void => {
      requests++;
      new Promise<Response>((resolve) => resolve(answer(request))).then(
        (response) => callback(null, response),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      );
    };

  return {
    resources,
    requests: () => requests,
    methods: {
      registerResource: method(registerResource),
      readResource: method(readResource),
      registerResourceOutputs: method(registerResourceOutputs),
    },
  };
}

/** What requests of both kinds tell. */
function common(request: protocol.RegisterResourceRequest | protocol.ReadResourceRequest, urn: string) {
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    parent: request.getParent() || undefined,
    dependencies: request.getDependenciesList(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    provider: request.getProvider() || undefined,
  };
}

function dependenciesOf(request: protocol.RegisterResourceRequest): Record<string, string[]> {
  const entries = [...request.getPropertydependenciesMap().entries()].map(([key, value]) => [key, value.getUrnsList()] as const);
  return Object.fromEntries(entries.filter(([, urns]) => urns.length > 0));
}

/** Inputs in the wire format, with computed outputs over them. */
async function withState(inputs: Struct, state: Fields | undefined): Promise<Struct> {
  if (!state) return inputs;
  const computed = await pulumi.runtime.serializeProperties("state", state);
  // The class of the message comes from the message: its module belongs to a dependency of the SDK, not to us.
  const StructClass = inputs.constructor as unknown as { fromJavaScript(fields: Fields): Struct };
  return StructClass.fromJavaScript({ ...inputs.toJavaScript(), ...computed });
}
