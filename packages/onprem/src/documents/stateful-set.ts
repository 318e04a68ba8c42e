/** What the volume of a StatefulSet is like. */
export interface VolumeArgs {
  /** Its size. */
  storage: string;
  /** Its class; undefined is the cluster's default class. */
  storageClass?: string | undefined;
  /** Whether the data stays when the StatefulSet goes. */
  keepData: boolean;
}

/** Spec of a StatefulSet of one pod with one volume. */
export function statefulSet<Pod extends object>(input: {
  labels: Record<string, string>;
  /** Annotations of the pod. @default {} */
  annotations?: Record<string, string>;
  service: string;
  pod: Pod;
  /** The volume, and the name by which the pod mounts it. */
  volume: VolumeArgs & { name: string };
}) {
  const { labels, volume } = input;
  return {
    serviceName: input.service,
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels, ...(input.annotations ? { annotations: input.annotations } : {}) }, spec: input.pod },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: volume.keepData ? "Retain" : "Delete", whenScaled: "Retain" },
    volumeClaimTemplates: [
      {
        metadata: { name: volume.name },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: volume.storage } },
          ...(volume.storageClass === undefined ? {} : { storageClassName: volume.storageClass }),
        },
      },
    ],
  };
}
