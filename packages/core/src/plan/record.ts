import * as pulumi from "@pulumi/pulumi";
import { recordingMonitor } from "./monitor";
import { settle } from "./settle";
import type { RecordedCall, Recording, RecordOptions } from "./types";
import { decodeRecord } from "./values";

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a Pulumi program without engine, provider, credentials or network, and says what it would register.
 *
 * Pulumi keeps its state per process, so recordings of one process run one after the other. Work that the program starts and does
 * not return, e.g. a timer, is not waited for. Pulumi's `transforms` are recorded as not applied: only the engine runs them.
 *
 * @throws whatever the program throws or rejects with, the same object; Error for a URN registered twice, an error that was logged with
 *   `pulumi.log.error`, or a program that does not end in time
 */
export function recordProgram(program: () => unknown, options: RecordOptions = {}): Promise<Recording> {
  const run = last.then(() => record(program, options));
  last = run.catch(() => undefined);
  return run;
}

async function record(program: () => unknown, options: RecordOptions): Promise<Recording> {
  const { preview = true, mocks = {}, keepInputs = true, timeoutSeconds = 120 } = options;
  const { project = "project", stack = "stack", organization = "organization" } = options;
  const calls: RecordedCall[] = [];
  const call = async ({ token, inputs }: pulumi.runtime.MockCallArgs): Promise<Record<string, unknown>> => {
    calls.push({ token, inputs: keepInputs ? inputs : {} });
    try {
      if (!mocks.call) throw new Error(`the program calls ${token}, and no mock answers it`);
      return mocks.call({ token, inputs });
    } catch (error) {
      // The SDK shows the `details` of a gRPC error, and nothing else of it.
      throw Object.assign(error instanceof Error ? error : new Error(String(error)), { details: String(error) });
    }
  };
  const unused = () => {
    throw new Error("resources are answered by the recorder");
  };
  await pulumi.runtime.setMocks({ call, newResource: unused }, project, stack, preview, organization);
  const monitor = recordingMonitor({ prefix: `urn:pulumi:${stack}::${project}`, preview, mocks, keepInputs });
  Object.assign(pulumi.runtime.getMonitor() as object, monitor.methods);

  const log = recordWarnings();
  try {
    const outputs = await settle(async () => outputsOf(await program()), { activity: monitor.requests, timeoutSeconds });
    return { resources: monitor.resources, calls, warnings: log.warnings, outputs: keepInputs ? outputs : {} };
  } finally {
    log.stop();
  }
}

/** Without an engine Pulumi writes warnings to the console; whoever records a program wants to know them, and to say where they go. */
function recordWarnings() {
  const warnings: string[] = [];
  const { warn } = pulumi.log;
  const record: typeof warn = (message) => {
    warnings.push(message);
    return Promise.resolve();
  };
  Object.assign(pulumi.log, { warn: record });
  return { warnings, stop: () => Object.assign(pulumi.log, { warn }) };
}

/** Fields of what a program returns; waits for every output among them. */
async function outputsOf(result: unknown): Promise<Record<string, unknown>> {
  if (typeof result !== "object" || result === null) return {};
  return decodeRecord(await pulumi.runtime.serializeProperties("outputs", result as pulumi.Inputs));
}
