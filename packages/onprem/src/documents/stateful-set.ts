import type { Volume } from "./pod";

/** What a volume is like. */
export interface VolumeArgs {
  /** Its size. */
  storage: string;
  /** Its class. @default - the cluster's default class */
  storageClass?: string | undefined;
}

/**
 * Spec of a PersistentVolumeClaim, apart from the server that mounts it: the size of a claim can grow in place, that of a StatefulSet's
 * template cannot. https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
 */
export const volumeClaim = ({ storage, storageClass }: VolumeArgs) => ({
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage } },
  ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
});

/** A claim in a pod. */
export const claimVolume = (name: string, claim: string): Volume => ({ name, persistentVolumeClaim: { claimName: claim } });

/** Spec of a StatefulSet of one pod, which has labels of its own besides those that the StatefulSet knows it by. */
export function statefulSet<Pod extends object>(input: {
  labels: Record<string, string>;
  /** @default {} */
  podLabels?: Record<string, string>;
  service: string;
  pod: Pod;
}) {
  return {
    serviceName: input.service,
    replicas: 1,
    selector: { matchLabels: input.labels },
    template: { metadata: { labels: { ...input.labels, ...input.podLabels } }, spec: input.pod },
  };
}
