import { ArgumentError, type Size } from "@cyclops/core";
import type { InstanceTypeArgs } from "../args";
import { gpuInstances, instanceCpus, sizeInstances } from "../defaults";

/** What decides the instance type of a step or an endpoint. */
interface Machine {
  readonly size: Size;
  /** Number of GPUs. @default 0 */
  readonly gpu?: number;
}

/** Instance type of a step. */
export const jobInstance = (machine: Machine, types: InstanceTypeArgs = {}): string => instanceOf(machine, types.jobs, types.gpu);

/** Instance type of a replica of an endpoint. */
export const endpointInstance = (machine: Machine, types: InstanceTypeArgs = {}): string =>
  instanceOf(machine, types.endpoints, types.gpu);

/** The size says nothing about an instance with GPUs: its CPUs and memory come with them. */
function instanceOf(
  { size, gpu = 0 }: Machine,
  sizes: Partial<Record<Size, string>> = {},
  gpus: InstanceTypeArgs["gpu"] = {},
): string {
  if (gpu === 0) return sizes[size] ?? sizeInstances[size];
  const type = gpus[gpu] ?? gpuInstances.find((instance) => instance.gpus >= gpu)?.type;
  if (type === undefined) {
    throw new ArgumentError("gpu", `no instance type has ${gpu} GPUs.`, `Name one: instanceTypes: {gpu: {${gpu}: "ml.…"}}.`);
  }
  return type;
}

/** Families whose disks are part of the instance: they are encrypted by the hardware, and a key for them is refused. */
const localDisks = /^ml\.(g4dn|g5|g6|g6e|p4d|p4de|p5|trn1|m5d|c5d|r5d|m6id|c6id|r6id)\./;

/** Whether the volume of an instance takes a key. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html */
export const takesVolumeKey = (instanceType: string): boolean => !localDisks.test(instanceType);

/** vCPUs of an instance type: two of `large`, four of `xlarge`, four times n of `nxlarge`. https://aws.amazon.com/sagemaker/ai/pricing/ */
export function vCpusOf(instanceType: string): number {
  const [, times, size] = /\.(\d*)(medium|large|xlarge)$/.exec(instanceType) ?? [];
  const known = instanceCpus[instanceType];
  if (known !== undefined) return known;
  return size === "xlarge" ? 4 * Number(times || 1) : 2;
}

/** GPUs of an instance type of the defaults; of others as many as were asked for. */
export const gpusOf = (instanceType: string, asked: number): number =>
  gpuInstances.find(({ type }) => type === instanceType)?.gpus ?? asked;
