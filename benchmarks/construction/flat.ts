// The churn stack without components: the same resources, names, inputs and dependencies as stack.ts, one after another.
// Written from a recording by `npm run bench:write-flat`; `npm run bench:construction` says when it is out of date.
import * as k8s from "@pulumi/kubernetes";

export function program(): void {
  const networkNamespace = new k8s.core.v1.Namespace("churn-platform-network-namespace", {
    metadata: {
      labels: {
        "app.kubernetes.io/managed-by": "cyclops",
        "app.kubernetes.io/part-of": "churn",
        "cyclops.dev/environment": "dev",
        "cyclops.dev/stack": "churn",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
      name: "churn-dev",
    },
  });
  const labels = {
    "app.kubernetes.io/managed-by": "cyclops",
    "app.kubernetes.io/part-of": "churn",
    "cyclops.dev/environment": "dev",
    "cyclops.dev/stack": "churn",
  };
  const storageConfig = new k8s.core.v1.ConfigMap("churn-platform-storage-config", {
    data: {
      "config.json": JSON.stringify({
        buckets: [
          { name: "churn-dev-raw", versioning: true, expireDays: null },
          { name: "churn-dev-curated", versioning: true, expireDays: 365 },
          { name: "churn-dev-features", versioning: true, expireDays: 90 },
          { name: "churn-dev-models", versioning: true, expireDays: null },
          { name: "churn-dev-predictions", versioning: true, expireDays: 365 },
        ],
      }),
    },
    metadata: { labels, name: "churn-platform-storage-config", namespace: networkNamespace.metadata.name },
  });
  const trackingConfig = new k8s.core.v1.ConfigMap("churn-platform-tracking-config", {
    data: {
      "config.json": JSON.stringify({
        users: [
          { directory: "/etc/cyclops-secrets/churn-platform-tracking-writer", admin: false },
          { directory: "/etc/cyclops-secrets/churn-platform-tracking-reader", admin: false },
        ],
      }),
    },
    metadata: { labels, name: "churn-platform-tracking-config", namespace: networkNamespace.metadata.name },
  });
  const storageCredentialsAccount = new k8s.core.v1.ServiceAccount("churn-platform-storage-credentials-account", {
    automountServiceAccountToken: false,
    metadata: { labels, name: "churn-platform-storage-credentials-account", namespace: networkNamespace.metadata.name },
  });
  const storageAccount = new k8s.core.v1.ServiceAccount("churn-platform-storage-account", {
    automountServiceAccountToken: false,
    metadata: { labels, name: "churn-platform-storage-account", namespace: networkNamespace.metadata.name },
  });
  const trackingCredentialsAccount = new k8s.core.v1.ServiceAccount("churn-platform-tracking-credentials-account", {
    automountServiceAccountToken: false,
    metadata: { labels, name: "churn-platform-tracking-credentials-account", namespace: networkNamespace.metadata.name },
  });
  const trackingAccount = new k8s.core.v1.ServiceAccount("churn-platform-tracking-account", {
    automountServiceAccountToken: false,
    metadata: { labels, name: "churn-platform-tracking-account", namespace: networkNamespace.metadata.name },
  });
  const workbenchCredentialsAccount = new k8s.core.v1.ServiceAccount("churn-platform-workbench-credentials-account", {
    automountServiceAccountToken: false,
    metadata: { labels, name: "churn-platform-workbench-credentials-account", namespace: networkNamespace.metadata.name },
  });
  const workbenchAccountAna8e43c = new k8s.core.v1.ServiceAccount("churn-platform-workbench-account-ana-8e43c", {
    automountServiceAccountToken: false,
    metadata: { labels, name: "churn-platform-workbench-account-ana-8e43c", namespace: networkNamespace.metadata.name },
  });
  const storageCredentialsSecretAdministrator = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-administrator",
    {
      metadata: { labels, name: "churn-platform-storage-key-administrator", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretTracking = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-tracking",
    {
      metadata: { labels, name: "churn-platform-storage-key-tracking", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretIngest = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-ingest",
    {
      metadata: { labels, name: "churn-platform-storage-key-ingest", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretCurate = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-curate",
    {
      metadata: { labels, name: "churn-platform-storage-key-curate", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretPreprocess = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-preprocess",
    {
      metadata: { labels, name: "churn-platform-storage-key-preprocess", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretTrain = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-train",
    { metadata: { labels, name: "churn-platform-storage-key-train", namespace: networkNamespace.metadata.name }, type: "Opaque" },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretEvaluate = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-evaluate",
    {
      metadata: { labels, name: "churn-platform-storage-key-evaluate", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretGate = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-gate",
    { metadata: { labels, name: "churn-platform-storage-key-gate", namespace: networkNamespace.metadata.name }, type: "Opaque" },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretRegister = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-register",
    {
      metadata: { labels, name: "churn-platform-storage-key-register", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretDeploy = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-deploy",
    {
      metadata: { labels, name: "churn-platform-storage-key-deploy", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretBatch = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-batch",
    { metadata: { labels, name: "churn-platform-storage-key-batch", namespace: networkNamespace.metadata.name }, type: "Opaque" },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretScorer = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-scorer",
    {
      metadata: { labels, name: "churn-platform-storage-key-scorer", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretMonitor = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-monitor",
    {
      metadata: { labels, name: "churn-platform-storage-key-monitor", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretWorkbench = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-workbench",
    {
      metadata: { labels, name: "churn-platform-storage-key-workbench", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretIdentities = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-identities",
    {
      metadata: { labels, name: "churn-platform-storage-identities", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretPassword = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-password",
    {
      metadata: { labels, name: "churn-platform-tracking-database-password", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretUrl = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-url",
    {
      metadata: { labels, name: "churn-platform-tracking-database-url", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretAdministrator = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-administrator",
    {
      metadata: { labels, name: "churn-platform-tracking-administrator", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretWriter = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-writer",
    { metadata: { labels, name: "churn-platform-tracking-writer", namespace: networkNamespace.metadata.name }, type: "Opaque" },
    { ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretReader = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-reader",
    { metadata: { labels, name: "churn-platform-tracking-reader", namespace: networkNamespace.metadata.name }, type: "Opaque" },
    { ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretAuthentication = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-authentication",
    {
      metadata: { labels, name: "churn-platform-tracking-authentication", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const workbenchCredentialsSecretAna8e43c = new k8s.core.v1.Secret(
    "churn-platform-workbench-credentials-secret-ana-8e43c",
    {
      metadata: { labels, name: "churn-platform-workbench-token-ana-8e43c", namespace: networkNamespace.metadata.name },
      type: "Opaque",
    },
    { ignoreChanges: ["data", "stringData"] },
  );
  const storageService = new k8s.core.v1.Service("churn-platform-storage-service", {
    metadata: { labels, name: "churn-platform-storage-service", namespace: networkNamespace.metadata.name },
    spec: {
      ports: [{ name: "s3", port: 8333, targetPort: "s3" }],
      selector: { "cyclops.dev/name": "churn-platform-storage", "cyclops.dev/role": "object-store" },
    },
  });
  const trackingDatabaseService = new k8s.core.v1.Service("churn-platform-tracking-database-service", {
    metadata: { labels, name: "churn-platform-tracking-database-service", namespace: networkNamespace.metadata.name },
    spec: {
      ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
      selector: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "database" },
    },
  });
  const trackingService = new k8s.core.v1.Service("churn-platform-tracking-service", {
    metadata: { labels, name: "churn-platform-tracking-service", namespace: networkNamespace.metadata.name },
    spec: {
      ports: [{ name: "http", port: 5000, targetPort: "http" }],
      selector: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "tracking" },
    },
  });
  const workbenchServiceAna8e43c = new k8s.core.v1.Service("churn-platform-workbench-service-ana-8e43c", {
    metadata: { labels, name: "churn-platform-workbench-service-ana-8e43c", namespace: networkNamespace.metadata.name },
    spec: {
      ports: [{ name: "http", port: 8888, targetPort: "http" }],
      selector: { "cyclops.dev/name": "churn-platform-workbench-ana-8e43c", "cyclops.dev/role": "workbench" },
    },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-deny", {
    metadata: { labels, name: "churn-platform-network-policy-deny", namespace: networkNamespace.metadata.name },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-inside", {
    metadata: { labels, name: "churn-platform-network-policy-inside", namespace: networkNamespace.metadata.name },
    spec: { egress: [{ to: [{ podSelector: {} }] }], podSelector: {}, policyTypes: ["Egress"] },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-names", {
    metadata: { labels, name: "churn-platform-network-policy-names", namespace: networkNamespace.metadata.name },
    spec: {
      egress: [
        {
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
      podSelector: {},
      policyTypes: ["Egress"],
    },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-to-step", {
    metadata: { labels, name: "churn-platform-network-policy-to-step", namespace: networkNamespace.metadata.name },
    spec: {
      ingress: [{ from: [{ podSelector: { matchLabels: { "cyclops.dev/role": "step" } } }] }],
      podSelector: { matchLabels: { "cyclops.dev/role": "step" } },
      policyTypes: ["Ingress"],
    },
  });
  const workbenchCredentialsRole = new k8s.rbac.v1.Role("churn-platform-workbench-credentials-role", {
    metadata: { labels, name: "churn-platform-workbench-credentials-role", namespace: networkNamespace.metadata.name },
    rules: [
      {
        apiGroups: [""],
        resourceNames: ["churn-platform-workbench-token-ana-8e43c"],
        resources: ["secrets"],
        verbs: ["get", "patch"],
      },
    ],
  });
  const workbenchRoleAna8e43c = new k8s.rbac.v1.Role("churn-platform-workbench-role-ana-8e43c", {
    metadata: { labels, name: "churn-platform-workbench-role-ana-8e43c", namespace: networkNamespace.metadata.name },
    rules: [
      {
        apiGroups: ["apps"],
        resourceNames: ["churn-platform-workbench-server-ana-8e43c"],
        resources: ["statefulsets/scale"],
        verbs: ["get", "patch"],
      },
    ],
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-predictions", {
    metadata: { labels, name: "churn-platform-network-policy-predictions", namespace: networkNamespace.metadata.name },
    spec: {
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080, protocol: "TCP" }] }],
      podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } },
      policyTypes: ["Ingress"],
    },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-to-database", {
    metadata: { labels, name: "churn-platform-network-policy-to-database", namespace: networkNamespace.metadata.name },
    spec: {
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { "cyclops.dev/role": "tracking" } } }],
          ports: [{ port: 5432, protocol: "TCP" }],
        },
      ],
      podSelector: { matchLabels: { "cyclops.dev/role": "database" } },
      policyTypes: ["Ingress"],
    },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-data-sources", {
    metadata: { labels, name: "churn-platform-network-policy-data-sources", namespace: networkNamespace.metadata.name },
    spec: {
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] }],
      podSelector: { matchExpressions: [{ key: "cyclops.dev/role", operator: "In", values: ["step", "workbench"] }] },
      policyTypes: ["Egress"],
    },
  });
  const trackingCredentialsRole = new k8s.rbac.v1.Role("churn-platform-tracking-credentials-role", {
    metadata: { labels, name: "churn-platform-tracking-credentials-role", namespace: networkNamespace.metadata.name },
    rules: [
      {
        apiGroups: [""],
        resourceNames: [
          "churn-platform-tracking-database-password",
          "churn-platform-tracking-database-url",
          "churn-platform-tracking-administrator",
          "churn-platform-tracking-writer",
          "churn-platform-tracking-reader",
          "churn-platform-tracking-authentication",
        ],
        resources: ["secrets"],
        verbs: ["get", "patch"],
      },
    ],
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-api-server", {
    metadata: { labels, name: "churn-platform-network-policy-api-server", namespace: networkNamespace.metadata.name },
    spec: {
      egress: [
        {
          ports: [
            { port: 443, protocol: "TCP" },
            { port: 6443, protocol: "TCP" },
          ],
        },
      ],
      podSelector: {
        matchExpressions: [{ key: "cyclops.dev/role", operator: "In", values: ["credentials", "argo", "step", "workbench"] }],
      },
      policyTypes: ["Egress"],
    },
  });
  const storageCredentialsRole = new k8s.rbac.v1.Role("churn-platform-storage-credentials-role", {
    metadata: { labels, name: "churn-platform-storage-credentials-role", namespace: networkNamespace.metadata.name },
    rules: [
      {
        apiGroups: [""],
        resourceNames: [
          "churn-platform-storage-key-administrator",
          "churn-platform-storage-key-tracking",
          "churn-platform-storage-key-ingest",
          "churn-platform-storage-key-curate",
          "churn-platform-storage-key-preprocess",
          "churn-platform-storage-key-train",
          "churn-platform-storage-key-evaluate",
          "churn-platform-storage-key-gate",
          "churn-platform-storage-key-register",
          "churn-platform-storage-key-deploy",
          "churn-platform-storage-key-batch",
          "churn-platform-storage-key-scorer",
          "churn-platform-storage-key-monitor",
          "churn-platform-storage-key-workbench",
          "churn-platform-storage-identities",
        ],
        resources: ["secrets"],
        verbs: ["get", "patch"],
      },
    ],
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-to-tracking", {
    metadata: { labels, name: "churn-platform-network-policy-to-tracking", namespace: networkNamespace.metadata.name },
    spec: {
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { "cyclops.dev/role": "users" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "step" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "workbench" } } },
          ],
          ports: [{ port: 5000, protocol: "TCP" }],
        },
      ],
      podSelector: { matchLabels: { "cyclops.dev/role": "tracking" } },
      policyTypes: ["Ingress"],
    },
  });
  const storageCredentialsConfig = new k8s.core.v1.ConfigMap("churn-platform-storage-credentials-config", {
    data: {
      "config.json": JSON.stringify({
        namespace: "churn-dev",
        secrets: [
          { name: "churn-platform-storage-key-administrator", kind: "s3-key" },
          { name: "churn-platform-storage-key-tracking", kind: "s3-key" },
          { name: "churn-platform-storage-key-ingest", kind: "s3-key" },
          { name: "churn-platform-storage-key-curate", kind: "s3-key" },
          { name: "churn-platform-storage-key-preprocess", kind: "s3-key" },
          { name: "churn-platform-storage-key-train", kind: "s3-key" },
          { name: "churn-platform-storage-key-evaluate", kind: "s3-key" },
          { name: "churn-platform-storage-key-gate", kind: "s3-key" },
          { name: "churn-platform-storage-key-register", kind: "s3-key" },
          { name: "churn-platform-storage-key-deploy", kind: "s3-key" },
          { name: "churn-platform-storage-key-batch", kind: "s3-key" },
          { name: "churn-platform-storage-key-scorer", kind: "s3-key" },
          { name: "churn-platform-storage-key-monitor", kind: "s3-key" },
          { name: "churn-platform-storage-key-workbench", kind: "s3-key" },
          {
            name: "churn-platform-storage-identities",
            kind: "s3-config",
            identities: [
              {
                name: "administrator",
                secret: "churn-platform-storage-key-administrator",
                actions: ["Admin", "Read", "Write", "List", "Tagging"],
              },
              {
                name: "tracking",
                secret: "churn-platform-storage-key-tracking",
                actions: ["Read:churn-dev-models", "List:churn-dev-models", "Write:churn-dev-models"],
              },
              {
                name: "ingest",
                secret: "churn-platform-storage-key-ingest",
                actions: [
                  "Read:churn-dev-raw",
                  "List:churn-dev-raw",
                  "Write:churn-dev-raw",
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Write:churn-dev-curated",
                ],
              },
              {
                name: "curate",
                secret: "churn-platform-storage-key-curate",
                actions: [
                  "Read:churn-dev-raw",
                  "List:churn-dev-raw",
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Write:churn-dev-curated",
                ],
              },
              {
                name: "preprocess",
                secret: "churn-platform-storage-key-preprocess",
                actions: [
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Read:churn-dev-features",
                  "List:churn-dev-features",
                  "Write:churn-dev-features",
                ],
              },
              {
                name: "train",
                secret: "churn-platform-storage-key-train",
                actions: [
                  "Read:churn-dev-features",
                  "List:churn-dev-features",
                  "Read:churn-dev-models",
                  "List:churn-dev-models",
                  "Write:churn-dev-models",
                ],
              },
              {
                name: "evaluate",
                secret: "churn-platform-storage-key-evaluate",
                actions: [
                  "Read:churn-dev-features",
                  "List:churn-dev-features",
                  "Read:churn-dev-models",
                  "List:churn-dev-models",
                  "Write:churn-dev-models",
                ],
              },
              {
                name: "gate",
                secret: "churn-platform-storage-key-gate",
                actions: ["Read:churn-dev-models", "List:churn-dev-models"],
              },
              {
                name: "register",
                secret: "churn-platform-storage-key-register",
                actions: [
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Read:churn-dev-models",
                  "List:churn-dev-models",
                  "Write:churn-dev-models",
                ],
              },
              {
                name: "deploy",
                secret: "churn-platform-storage-key-deploy",
                actions: [
                  "Read:churn-dev-features",
                  "List:churn-dev-features",
                  "Read:churn-dev-models",
                  "List:churn-dev-models",
                  "Write:churn-dev-models",
                ],
              },
              {
                name: "batch",
                secret: "churn-platform-storage-key-batch",
                actions: [
                  "Read:churn-dev-raw",
                  "List:churn-dev-raw",
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Read:churn-dev-predictions",
                  "List:churn-dev-predictions",
                  "Write:churn-dev-predictions",
                ],
              },
              {
                name: "scorer",
                secret: "churn-platform-storage-key-scorer",
                actions: ["Read:churn-dev-predictions", "List:churn-dev-predictions", "Write:churn-dev-predictions"],
              },
              {
                name: "monitor",
                secret: "churn-platform-storage-key-monitor",
                actions: [
                  "Read:churn-dev-raw",
                  "List:churn-dev-raw",
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Read:churn-dev-features",
                  "List:churn-dev-features",
                  "Read:churn-dev-models",
                  "List:churn-dev-models",
                  "Read:churn-dev-predictions",
                  "List:churn-dev-predictions",
                  "Write:churn-dev-predictions",
                ],
              },
              {
                name: "workbench",
                secret: "churn-platform-storage-key-workbench",
                actions: [
                  "Read:churn-dev-raw",
                  "List:churn-dev-raw",
                  "Read:churn-dev-curated",
                  "List:churn-dev-curated",
                  "Read:churn-dev-features",
                  "List:churn-dev-features",
                  "Read:churn-dev-predictions",
                  "List:churn-dev-predictions",
                ],
              },
            ],
          },
        ],
      }),
    },
    metadata: { labels, name: "churn-platform-storage-credentials-config", namespace: networkNamespace.metadata.name },
  });
  const trackingCredentialsConfig = new k8s.core.v1.ConfigMap("churn-platform-tracking-credentials-config", {
    data: {
      "config.json": JSON.stringify({
        namespace: "churn-dev",
        secrets: [
          { name: "churn-platform-tracking-database-password", kind: "password" },
          {
            name: "churn-platform-tracking-database-url",
            kind: "database-url",
            passwordSecret: "churn-platform-tracking-database-password",
            host: "churn-platform-tracking-database-service",
            port: 5432,
            user: "mlflow",
            database: "mlflow",
          },
          { name: "churn-platform-tracking-administrator", kind: "mlflow-user", username: "administrator" },
          { name: "churn-platform-tracking-writer", kind: "mlflow-user", username: "writer" },
          { name: "churn-platform-tracking-reader", kind: "mlflow-user", username: "reader" },
          {
            name: "churn-platform-tracking-authentication",
            kind: "mlflow-auth",
            adminSecret: "churn-platform-tracking-administrator",
            databaseUrlSecret: "churn-platform-tracking-database-url",
          },
        ],
      }),
    },
    metadata: { labels, name: "churn-platform-tracking-credentials-config", namespace: networkNamespace.metadata.name },
  });
  const workbenchCredentialsConfig = new k8s.core.v1.ConfigMap("churn-platform-workbench-credentials-config", {
    data: {
      "config.json": JSON.stringify({
        namespace: "churn-dev",
        secrets: [{ name: "churn-platform-workbench-token-ana-8e43c", kind: "token" }],
      }),
    },
    metadata: { labels, name: "churn-platform-workbench-credentials-config", namespace: networkNamespace.metadata.name },
  });
  new k8s.networking.v1.NetworkPolicy("churn-platform-network-policy-to-object-store", {
    metadata: { labels, name: "churn-platform-network-policy-to-object-store", namespace: networkNamespace.metadata.name },
    spec: {
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { "cyclops.dev/role": "buckets" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "tracking" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "step" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } } },
            { podSelector: { matchLabels: { "cyclops.dev/role": "workbench" } } },
          ],
          ports: [{ port: 8333, protocol: "TCP" }],
        },
      ],
      podSelector: { matchLabels: { "cyclops.dev/role": "object-store" } },
      policyTypes: ["Ingress"],
    },
  });
  const orchestrationRelease = new k8s.helm.v3.Release("churn-platform-orchestration-release", {
    atomic: true,
    chart: "argo-workflows",
    name: "churn-platform-orchestration",
    namespace: networkNamespace.metadata.name,
    repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
    timeout: 600,
    values: {
      controller: {
        clusterWorkflowTemplates: { enabled: false },
        image: { registry: "quay.io", repository: "argoproj/workflow-controller", tag: "v3.7.3" },
        metricsConfig: { enabled: true },
        podLabels: { "cyclops.dev/role": "argo" },
        podSecurityContext: {
          fsGroup: 8737,
          runAsGroup: 8737,
          runAsNonRoot: true,
          runAsUser: 8737,
          seccompProfile: { type: "RuntimeDefault" },
        },
        resources: { limits: { memory: "512Mi" }, requests: { cpu: "50m", memory: "128Mi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
        workflowNamespaces: [networkNamespace.metadata.name],
      },
      crds: { install: true, keep: false },
      createAggregateRoles: false,
      executor: {
        image: { registry: "quay.io", repository: "argoproj/argoexec", tag: "v3.7.3" },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 8737,
        },
      },
      fullnameOverride: "churn-platform-orchestration",
      images: { pullPolicy: "IfNotPresent", pullSecrets: [] },
      server: { enabled: false },
      singleNamespace: true,
      workflow: { rbac: { create: false }, serviceAccount: { create: false } },
    },
    version: "0.45.27",
  });
  const workbenchCredentialsBinding = new k8s.rbac.v1.RoleBinding("churn-platform-workbench-credentials-binding", {
    metadata: { labels, name: "churn-platform-workbench-credentials-binding", namespace: networkNamespace.metadata.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: workbenchCredentialsRole.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: workbenchCredentialsAccount.metadata.name, namespace: "churn-dev" }],
  });
  const workbenchBindingAna8e43c = new k8s.rbac.v1.RoleBinding("churn-platform-workbench-binding-ana-8e43c", {
    metadata: { labels, name: "churn-platform-workbench-binding-ana-8e43c", namespace: networkNamespace.metadata.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: workbenchRoleAna8e43c.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: workbenchAccountAna8e43c.metadata.name, namespace: "churn-dev" }],
  });
  const trackingCredentialsBinding = new k8s.rbac.v1.RoleBinding("churn-platform-tracking-credentials-binding", {
    metadata: { labels, name: "churn-platform-tracking-credentials-binding", namespace: networkNamespace.metadata.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: trackingCredentialsRole.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: trackingCredentialsAccount.metadata.name, namespace: "churn-dev" }],
  });
  const storageCredentialsBinding = new k8s.rbac.v1.RoleBinding("churn-platform-storage-credentials-binding", {
    metadata: { labels, name: "churn-platform-storage-credentials-binding", namespace: networkNamespace.metadata.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: storageCredentialsRole.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: storageCredentialsAccount.metadata.name, namespace: "churn-dev" }],
  });
  const storageCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-storage-credentials-job",
    {
      metadata: { labels, name: "churn-platform-storage-credentials-job", namespace: networkNamespace.metadata.name },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: {
            annotations: { "cyclops.dev/content-hash": "602da8fd82fc5612" },
            labels: { "cyclops.dev/role": "credentials" },
          },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                command: ["cyclops-runtime", "credentials", "--config", "/etc/cyclops/config.json"],
                env: [],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "credentials",
                resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [
                  { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            restartPolicy: "Never",
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: storageCredentialsAccount.metadata.name,
            volumes: [
              { configMap: { name: storageCredentialsConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        storageCredentialsSecretAdministrator,
        storageCredentialsSecretTracking,
        storageCredentialsSecretIngest,
        storageCredentialsSecretCurate,
        storageCredentialsSecretPreprocess,
        storageCredentialsSecretTrain,
        storageCredentialsSecretEvaluate,
        storageCredentialsSecretGate,
        storageCredentialsSecretRegister,
        storageCredentialsSecretDeploy,
        storageCredentialsSecretBatch,
        storageCredentialsSecretScorer,
        storageCredentialsSecretMonitor,
        storageCredentialsSecretWorkbench,
        storageCredentialsSecretIdentities,
        storageCredentialsBinding,
      ],
    },
  );
  const trackingCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-tracking-credentials-job",
    {
      metadata: { labels, name: "churn-platform-tracking-credentials-job", namespace: networkNamespace.metadata.name },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: {
            annotations: { "cyclops.dev/content-hash": "46fa79f65ce0d8bc" },
            labels: { "cyclops.dev/role": "credentials" },
          },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                command: ["cyclops-runtime", "credentials", "--config", "/etc/cyclops/config.json"],
                env: [],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "credentials",
                resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [
                  { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            restartPolicy: "Never",
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: trackingCredentialsAccount.metadata.name,
            volumes: [
              { configMap: { name: trackingCredentialsConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        trackingCredentialsSecretPassword,
        trackingCredentialsSecretUrl,
        trackingCredentialsSecretAdministrator,
        trackingCredentialsSecretWriter,
        trackingCredentialsSecretReader,
        trackingCredentialsSecretAuthentication,
        trackingCredentialsBinding,
      ],
    },
  );
  const workbenchCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-workbench-credentials-job",
    {
      metadata: { labels, name: "churn-platform-workbench-credentials-job", namespace: networkNamespace.metadata.name },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: {
            annotations: { "cyclops.dev/content-hash": "4357191b37ff4d60" },
            labels: { "cyclops.dev/role": "credentials" },
          },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                command: ["cyclops-runtime", "credentials", "--config", "/etc/cyclops/config.json"],
                env: [],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "credentials",
                resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [
                  { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            restartPolicy: "Never",
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: workbenchCredentialsAccount.metadata.name,
            volumes: [
              { configMap: { name: workbenchCredentialsConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [workbenchCredentialsSecretAna8e43c, workbenchCredentialsBinding] },
  );
  const storageServer = new k8s.apps.v1.StatefulSet(
    "churn-platform-storage-server",
    {
      metadata: { labels, name: "churn-platform-storage-server", namespace: networkNamespace.metadata.name },
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-storage", "cyclops.dev/role": "object-store" } },
        serviceName: storageService.metadata.name,
        template: {
          metadata: { labels: { "cyclops.dev/name": "churn-platform-storage", "cyclops.dev/role": "object-store" } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: [
                  "weed",
                  "server",
                  "-dir=/data",
                  "-ip=127.0.0.1",
                  "-ip.bind=0.0.0.0",
                  "-master.volumeSizeLimitMB=1024",
                  "-volume.max=0",
                  "-filer",
                  "-s3",
                  "-s3.port=8333",
                  "-s3.config=/etc/seaweedfs/s3.json",
                ],
                image: "docker.io/chrislusf/seaweedfs:4.44",
                imagePullPolicy: "IfNotPresent",
                name: "seaweedfs",
                ports: [{ containerPort: 8333, name: "s3" }],
                readinessProbe: { failureThreshold: 3, httpGet: { path: "/healthz", port: "s3" }, periodSeconds: 5 },
                resources: { limits: { memory: "2Gi" }, requests: { cpu: "100m", memory: "512Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: { failureThreshold: 60, httpGet: { path: "/healthz", port: "s3" }, periodSeconds: 2 },
                volumeMounts: [
                  { mountPath: "/data", name: "data" },
                  { mountPath: "/etc/seaweedfs", name: "config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            terminationGracePeriodSeconds: 30,
            volumes: [
              { name: "config", secret: { defaultMode: 288, secretName: "churn-platform-storage-identities" } },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
        volumeClaimTemplates: [
          { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "50Gi" } } } },
        ],
      },
    },
    { dependsOn: [storageCredentialsJob] },
  );
  const trackingDatabase = new k8s.apps.v1.StatefulSet(
    "churn-platform-tracking-database",
    {
      metadata: { labels, name: "churn-platform-tracking-database", namespace: networkNamespace.metadata.name },
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "database" } },
        serviceName: trackingDatabaseService.metadata.name,
        template: {
          metadata: { labels: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "database" } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                env: [
                  { name: "POSTGRES_USER", value: "mlflow" },
                  { name: "POSTGRES_DB", value: "mlflow" },
                  {
                    name: "POSTGRES_PASSWORD",
                    valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-database-password" } },
                  },
                  { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
                ],
                image: "docker.io/library/postgres:17.6",
                imagePullPolicy: "IfNotPresent",
                name: "postgres",
                ports: [{ containerPort: 5432, name: "postgres" }],
                readinessProbe: {
                  exec: { command: ["pg_isready", "--username", "mlflow", "--dbname", "mlflow"] },
                  periodSeconds: 5,
                },
                resources: { limits: { memory: "1Gi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: {
                  exec: { command: ["pg_isready", "--username", "mlflow", "--dbname", "mlflow"] },
                  failureThreshold: 60,
                  periodSeconds: 2,
                },
                volumeMounts: [
                  { mountPath: "/var/lib/postgresql/data", name: "data" },
                  { mountPath: "/var/run/postgresql", name: "run" },
                  { mountPath: "/dev/shm", name: "memory" },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 999,
              runAsGroup: 999,
              runAsNonRoot: true,
              runAsUser: 999,
              seccompProfile: { type: "RuntimeDefault" },
            },
            terminationGracePeriodSeconds: 60,
            volumes: [
              { emptyDir: {}, name: "run" },
              { emptyDir: { medium: "Memory", sizeLimit: "256Mi" }, name: "memory" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
        volumeClaimTemplates: [
          { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } } },
        ],
      },
    },
    { dependsOn: [trackingCredentialsJob] },
  );
  const storageBuckets = new k8s.batch.v1.Job(
    "churn-platform-storage-buckets",
    {
      metadata: { labels, name: "churn-platform-storage-buckets", namespace: networkNamespace.metadata.name },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: {
            annotations: { "cyclops.dev/content-hash": "5f7ad695adc02607" },
            labels: { "cyclops.dev/role": "buckets" },
          },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: ["cyclops-runtime", "buckets", "--config", "/etc/cyclops/config.json"],
                env: [
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                  { name: "AWS_REGION", value: "us-east-1" },
                  {
                    name: "AWS_ACCESS_KEY_ID",
                    valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-administrator" } },
                  },
                  {
                    name: "AWS_SECRET_ACCESS_KEY",
                    valueFrom: {
                      secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-administrator" },
                    },
                  },
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "buckets",
                resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [
                  { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            restartPolicy: "Never",
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: storageAccount.metadata.name,
            volumes: [
              { configMap: { name: storageConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [storageServer, storageService, storageCredentialsJob] },
  );
  const trackingServer = new k8s.apps.v1.Deployment(
    "churn-platform-tracking-server",
    {
      metadata: { labels, name: "churn-platform-tracking-server", namespace: networkNamespace.metadata.name },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "tracking" } },
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "tracking" } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: [
                  "mlflow",
                  "server",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "5000",
                  "--app-name",
                  "basic-auth",
                  "--workers",
                  "2",
                  "--serve-artifacts",
                  "--artifacts-destination",
                  "s3://churn-dev-models/mlflow",
                ],
                env: [
                  {
                    name: "MLFLOW_BACKEND_STORE_URI",
                    valueFrom: { secretKeyRef: { key: "url", name: "churn-platform-tracking-database-url" } },
                  },
                  { name: "MLFLOW_AUTH_CONFIG_PATH", value: "/etc/mlflow/basic_auth.ini" },
                  {
                    name: "MLFLOW_FLASK_SERVER_SECRET_KEY",
                    valueFrom: { secretKeyRef: { key: "flask-secret-key", name: "churn-platform-tracking-authentication" } },
                  },
                  { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" },
                  {
                    name: "MLFLOW_SERVER_ALLOWED_HOSTS",
                    value:
                      "churn-platform-tracking-service,churn-platform-tracking-service:*,churn-platform-tracking-service.churn-dev,churn-platform-tracking-service.churn-dev:*,churn-platform-tracking-service.churn-dev.svc,churn-platform-tracking-service.churn-dev.svc:*,churn-platform-tracking-service.churn-dev.svc.cluster.local,churn-platform-tracking-service.churn-dev.svc.cluster.local:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*",
                  },
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                  { name: "AWS_REGION", value: "us-east-1" },
                  {
                    name: "AWS_ACCESS_KEY_ID",
                    valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-tracking" } },
                  },
                  {
                    name: "AWS_SECRET_ACCESS_KEY",
                    valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-tracking" } },
                  },
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                livenessProbe: {
                  failureThreshold: 6,
                  httpGet: { httpHeaders: [{ name: "Host", value: "localhost" }], path: "/health", port: "http" },
                  periodSeconds: 20,
                  timeoutSeconds: 10,
                },
                name: "mlflow",
                ports: [{ containerPort: 5000, name: "http" }],
                readinessProbe: {
                  httpGet: { httpHeaders: [{ name: "Host", value: "localhost" }], path: "/health", port: "http" },
                  periodSeconds: 5,
                  timeoutSeconds: 5,
                },
                resources: { limits: { memory: "2Gi" }, requests: { cpu: "200m", memory: "1Gi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: {
                  failureThreshold: 100,
                  httpGet: { httpHeaders: [{ name: "Host", value: "localhost" }], path: "/health", port: "http" },
                  periodSeconds: 3,
                  timeoutSeconds: 5,
                },
                volumeMounts: [
                  { mountPath: "/etc/mlflow", name: "auth", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            volumes: [
              {
                name: "auth",
                secret: {
                  defaultMode: 288,
                  items: [{ key: "basic_auth.ini", path: "basic_auth.ini" }],
                  secretName: "churn-platform-tracking-authentication",
                },
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        trackingCredentialsJob,
        trackingDatabase,
        trackingService,
        storageBuckets,
        storageService,
        storageCredentialsJob,
      ],
    },
  );
  const trackingUsers = new k8s.batch.v1.Job(
    "churn-platform-tracking-users",
    {
      metadata: { labels, name: "churn-platform-tracking-users", namespace: networkNamespace.metadata.name },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { annotations: { "cyclops.dev/content-hash": "9360f653a25f4319" }, labels: { "cyclops.dev/role": "users" } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: ["cyclops-runtime", "users", "--config", "/etc/cyclops/config.json"],
                env: [
                  { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                  {
                    name: "MLFLOW_TRACKING_USERNAME",
                    valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-administrator" } },
                  },
                  {
                    name: "MLFLOW_TRACKING_PASSWORD",
                    valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-administrator" } },
                  },
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "users",
                resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [
                  { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                  {
                    mountPath: "/etc/cyclops-secrets/churn-platform-tracking-writer",
                    name: "secret-churn-platform-tracking-writer",
                    readOnly: true,
                  },
                  {
                    mountPath: "/etc/cyclops-secrets/churn-platform-tracking-reader",
                    name: "secret-churn-platform-tracking-reader",
                    readOnly: true,
                  },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            restartPolicy: "Never",
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: trackingAccount.metadata.name,
            volumes: [
              { configMap: { name: trackingConfig.metadata.name }, name: "config" },
              {
                name: "secret-churn-platform-tracking-writer",
                secret: { defaultMode: 288, secretName: "churn-platform-tracking-writer" },
              },
              {
                name: "secret-churn-platform-tracking-reader",
                secret: { defaultMode: 288, secretName: "churn-platform-tracking-reader" },
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [trackingServer, trackingService] },
  );
  const afterOrchestrationRelease = [
    storageService,
    storageCredentialsJob,
    trackingService,
    storageBuckets,
    trackingUsers,
    orchestrationRelease,
  ];
  const modelChurnIdentityAccountIngest = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-ingest",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-ingest", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountCurate = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-curate",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-curate", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountPreprocess = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-preprocess",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-preprocess", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountTrain = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-train",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-train", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountEvaluate = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-evaluate",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-evaluate", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountGate = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-gate",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-gate", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountRegister = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-register",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-register", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountDeploy = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-deploy",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-deploy", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountBatch = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-batch",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-batch", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountMonitor = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-monitor",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-monitor", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityAccountScorer = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-scorer",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-model-churn-identity-account-scorer", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnEndpointService = new k8s.core.v1.Service(
    "churn-model-churn-endpoint-service",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-service", namespace: networkNamespace.metadata.name },
      spec: {
        ports: [{ name: "http", port: 8080, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-model-churn-endpoint", "cyclops.dev/role": "scorer", "cyclops.dev/scorer": "all" },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  new k8s.core.v1.Service(
    "churn-model-churn-endpoint-pods",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-pods", namespace: networkNamespace.metadata.name },
      spec: {
        clusterIP: "None",
        ports: [{ name: "http", port: 8080, targetPort: "http" }],
        publishNotReadyAddresses: false,
        selector: { "cyclops.dev/name": "churn-model-churn-endpoint", "cyclops.dev/role": "scorer", "cyclops.dev/scorer": "all" },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  new k8s.policy.v1.PodDisruptionBudget(
    "churn-model-churn-endpoint-disruption",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-disruption", namespace: networkNamespace.metadata.name },
      spec: {
        maxUnavailable: 1,
        selector: {
          matchLabels: {
            "cyclops.dev/name": "churn-model-churn-endpoint",
            "cyclops.dev/role": "scorer",
            "cyclops.dev/scorer": "all",
          },
        },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnEndpointConfig = new k8s.core.v1.ConfigMap(
    "churn-model-churn-endpoint-config",
    {
      data: {
        "model.json": JSON.stringify({
          formatVersion: 1,
          stack: "churn",
          environment: "dev",
          model: "churn",
          spec: {
            task: "binary-classification",
            data: {
              path: "raw/telco/",
              format: "csv",
              target: "Churn",
              positive: "Yes",
              id: "customerID",
              drop: [],
              schema: {
                customerID: { type: "string", nullable: false, unique: true },
                gender: { type: "string", nullable: false, allowed: ["Female", "Male"], unique: false },
                SeniorCitizen: { type: "integer", nullable: false, min: 0, max: 1, unique: false },
                tenure: { type: "integer", nullable: false, min: 0, max: 120, unique: false },
                InternetService: { type: "string", nullable: false, allowed: ["DSL", "Fiber optic", "No"], unique: false },
                Contract: { type: "string", nullable: false, allowed: ["Month-to-month", "One year", "Two year"], unique: false },
                MonthlyCharges: { type: "number", nullable: false, min: 0, max: 500, unique: false },
                TotalCharges: { type: "number", nullable: true, min: 0, unique: false },
                Churn: { type: "string", nullable: false, allowed: ["No", "Yes"], unique: false },
              },
              maxViolationShare: 0.05,
            },
            training: {
              schedule: "0 3 * * 1",
              timezone: "UTC",
              retrainOn: [],
              cooldown: "24h",
              gate: { metric: "roc_auc", min: 0.8, beatChampion: true, tolerance: 0.01 },
              algorithm: "gradient-boosting",
              hyperparameters: { learning_rate: 0.05 },
              testShare: 0.2,
              seed: 42,
              steps: {
                ingest: {
                  size: "S",
                  gpu: 0,
                  spot: false,
                  instances: 1,
                  retries: 2,
                  timeout: "1h",
                  cache: false,
                  environment: {},
                },
                curate: {
                  size: "S",
                  gpu: 0,
                  spot: false,
                  instances: 1,
                  retries: 2,
                  timeout: "1h",
                  cache: false,
                  environment: {},
                },
                preprocess: {
                  size: "S",
                  gpu: 0,
                  spot: false,
                  instances: 1,
                  retries: 2,
                  timeout: "1h",
                  cache: false,
                  environment: {},
                },
                train: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
                tune: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
                evaluate: {
                  size: "S",
                  gpu: 0,
                  spot: false,
                  instances: 1,
                  retries: 2,
                  timeout: "1h",
                  cache: false,
                  environment: {},
                },
                gate: { size: "S", gpu: 0, spot: false, instances: 1, retries: 0, timeout: "1h", cache: false, environment: {} },
                register: {
                  size: "S",
                  gpu: 0,
                  spot: false,
                  instances: 1,
                  retries: 2,
                  timeout: "1h",
                  cache: false,
                  environment: {},
                },
                deploy: {
                  size: "S",
                  gpu: 0,
                  spot: false,
                  instances: 1,
                  retries: 0,
                  timeout: "1h",
                  cache: false,
                  environment: {},
                },
              },
            },
            batch: {
              schedule: "0 5 * * *",
              timezone: "UTC",
              size: "S",
              instances: 1,
              spot: false,
              retries: 2,
              timeout: "1h",
              input: "raw/telco/",
            },
            endpoint: {
              kind: "realtime",
              size: "S",
              gpu: 0,
              replicas: { min: 1, max: 4 },
              targetUtilization: 70,
              rollout: { strategy: "canary", percent: 10, bake: "30s", maxErrorRate: 0.01 },
              capture: { percent: 100 },
            },
            monitoring: {
              schedule: "0 * * * *",
              timezone: "UTC",
              window: "24h",
              valuePerPrediction: 0.02,
              costPerHour: 0.05,
              segments: ["gender"],
              thresholds: { latency_p95: { warn: 250, critical: 500 } },
            },
          },
          zones: {
            raw: "s3://churn-dev-raw",
            curated: "s3://churn-dev-curated",
            features: "s3://churn-dev-features",
            models: "s3://churn-dev-models",
            predictions: "s3://churn-dev-predictions",
          },
          serving: null,
          target: "onprem",
          registry: { experiment: "churn-dev/churn", model: "churn-dev-churn" },
        }),
      },
      metadata: { labels, name: "churn-model-churn-endpoint-config", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleIngest = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-ingest",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-ingest", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleCurate = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-curate",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-curate", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRolePreprocess = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-preprocess",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-preprocess", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleTrain = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-train",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-train", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleEvaluate = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-evaluate",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-evaluate", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleGate = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-gate",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-gate", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleRegister = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-register",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-register", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleDeploy = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-deploy",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-deploy", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleBatch = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-batch",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-batch", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityRoleMonitor = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-monitor",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-monitor", namespace: networkNamespace.metadata.name },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingIngest = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-ingest",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-ingest", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleIngest.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountIngest.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingCurate = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-curate",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-curate", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleCurate.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountCurate.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingPreprocess = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-preprocess",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-preprocess", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRolePreprocess.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountPreprocess.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingTrain = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-train",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-train", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleTrain.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountTrain.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingEvaluate = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-evaluate",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-evaluate", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleEvaluate.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountEvaluate.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingGate = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-gate",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-gate", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleGate.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountGate.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingRegister = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-register",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-register", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleRegister.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountRegister.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingDeploy = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-deploy",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-deploy", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleDeploy.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountDeploy.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingBatch = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-batch",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-batch", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleBatch.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountBatch.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnIdentityBindingMonitor = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-monitor",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-monitor", namespace: networkNamespace.metadata.name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: modelChurnIdentityRoleMonitor.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: modelChurnIdentityAccountMonitor.metadata.name, namespace: "churn-dev" }],
    },
    { dependsOn: afterOrchestrationRelease },
  );
  new k8s.apps.v1.StatefulSet(
    "churn-platform-workbench-server-ana-8e43c",
    {
      metadata: { labels, name: "churn-platform-workbench-server-ana-8e43c", namespace: networkNamespace.metadata.name },
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-workbench-ana-8e43c", "cyclops.dev/role": "workbench" } },
        serviceName: workbenchServiceAna8e43c.metadata.name,
        template: {
          metadata: { labels: { "cyclops.dev/name": "churn-platform-workbench-ana-8e43c", "cyclops.dev/role": "workbench" } },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                command: [
                  "cyclops-runtime",
                  "workbench",
                  "--port",
                  "8888",
                  "--idle-seconds",
                  "3600",
                  "--statefulset",
                  "churn-platform-workbench-server-ana-8e43c",
                  "--namespace",
                  "churn-dev",
                  "--directory",
                  "/home/notebooks",
                ],
                env: [
                  {
                    name: "JUPYTER_TOKEN",
                    valueFrom: { secretKeyRef: { key: "token", name: "churn-platform-workbench-token-ana-8e43c" } },
                  },
                  { name: "HOME", value: "/home/notebooks" },
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                  { name: "AWS_REGION", value: "us-east-1" },
                  {
                    name: "AWS_ACCESS_KEY_ID",
                    valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-workbench" } },
                  },
                  {
                    name: "AWS_SECRET_ACCESS_KEY",
                    valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-workbench" } },
                  },
                  { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                  {
                    name: "MLFLOW_TRACKING_USERNAME",
                    valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                  },
                  {
                    name: "MLFLOW_TRACKING_PASSWORD",
                    valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                  },
                ],
                image: "ghcr.io/cyclops-iac/cyclops-workbench:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "jupyterlab",
                ports: [{ containerPort: 8888, name: "http" }],
                readinessProbe: { httpGet: { path: "/api", port: "http" }, periodSeconds: 5 },
                resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: { failureThreshold: 60, httpGet: { path: "/api", port: "http" }, periodSeconds: 3 },
                volumeMounts: [
                  { mountPath: "/home/notebooks", name: "home" },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: workbenchAccountAna8e43c.metadata.name,
            volumes: [{ emptyDir: {}, name: "tmp" }],
          },
        },
        volumeClaimTemplates: [
          { metadata: { name: "home" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } } },
        ],
      },
    },
    {
      dependsOn: [
        workbenchCredentialsJob,
        workbenchBindingAna8e43c,
        storageService,
        storageCredentialsJob,
        trackingService,
        storageBuckets,
        trackingUsers,
        orchestrationRelease,
      ],
      ignoreChanges: ["spec.replicas"],
    },
  );
  const modelJson = JSON.stringify({
    formatVersion: 1,
    stack: "churn",
    environment: "dev",
    model: "churn",
    spec: {
      task: "binary-classification",
      data: {
        path: "raw/telco/",
        format: "csv",
        target: "Churn",
        positive: "Yes",
        id: "customerID",
        drop: [],
        schema: {
          customerID: { type: "string", nullable: false, unique: true },
          gender: { type: "string", nullable: false, allowed: ["Female", "Male"], unique: false },
          SeniorCitizen: { type: "integer", nullable: false, min: 0, max: 1, unique: false },
          tenure: { type: "integer", nullable: false, min: 0, max: 120, unique: false },
          InternetService: { type: "string", nullable: false, allowed: ["DSL", "Fiber optic", "No"], unique: false },
          Contract: { type: "string", nullable: false, allowed: ["Month-to-month", "One year", "Two year"], unique: false },
          MonthlyCharges: { type: "number", nullable: false, min: 0, max: 500, unique: false },
          TotalCharges: { type: "number", nullable: true, min: 0, unique: false },
          Churn: { type: "string", nullable: false, allowed: ["No", "Yes"], unique: false },
        },
        maxViolationShare: 0.05,
      },
      training: {
        schedule: "0 3 * * 1",
        timezone: "UTC",
        retrainOn: [],
        cooldown: "24h",
        gate: { metric: "roc_auc", min: 0.8, beatChampion: true, tolerance: 0.01 },
        algorithm: "gradient-boosting",
        hyperparameters: { learning_rate: 0.05 },
        testShare: 0.2,
        seed: 42,
        steps: {
          ingest: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          curate: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          preprocess: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          train: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          tune: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          evaluate: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          gate: { size: "S", gpu: 0, spot: false, instances: 1, retries: 0, timeout: "1h", cache: false, environment: {} },
          register: { size: "S", gpu: 0, spot: false, instances: 1, retries: 2, timeout: "1h", cache: false, environment: {} },
          deploy: { size: "S", gpu: 0, spot: false, instances: 1, retries: 0, timeout: "1h", cache: false, environment: {} },
        },
      },
      batch: {
        schedule: "0 5 * * *",
        timezone: "UTC",
        size: "S",
        instances: 1,
        spot: false,
        retries: 2,
        timeout: "1h",
        input: "raw/telco/",
      },
      endpoint: {
        kind: "realtime",
        size: "S",
        gpu: 0,
        replicas: { min: 1, max: 4 },
        targetUtilization: 70,
        rollout: { strategy: "canary", percent: 10, bake: "30s", maxErrorRate: 0.01 },
        capture: { percent: 100 },
      },
      monitoring: {
        schedule: "0 * * * *",
        timezone: "UTC",
        window: "24h",
        valuePerPrediction: 0.02,
        costPerHour: 0.05,
        segments: ["gender"],
        thresholds: { latency_p95: { warn: 250, critical: 500 } },
      },
    },
    zones: {
      raw: "s3://churn-dev-raw",
      curated: "s3://churn-dev-curated",
      features: "s3://churn-dev-features",
      models: "s3://churn-dev-models",
      predictions: "s3://churn-dev-predictions",
    },
    serving: {
      url: "http://churn-model-churn-endpoint-service.churn-dev.svc:8080",
      pods: "churn-model-churn-endpoint-pods.churn-dev.svc:8080",
      gateway: null,
    },
    target: "onprem",
    registry: { experiment: "churn-dev/churn", model: "churn-dev-churn" },
  });
  const afterModelChurnEndpointService = [
    storageService,
    storageCredentialsJob,
    trackingService,
    storageBuckets,
    trackingUsers,
    orchestrationRelease,
    modelChurnEndpointService,
  ];
  const modelChurnTrainingConfig = new k8s.core.v1.ConfigMap(
    "churn-model-churn-training-config",
    {
      data: { "model.json": modelJson },
      metadata: { labels, name: "churn-model-churn-training-config", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterModelChurnEndpointService },
  );
  const modelChurnBatchConfig = new k8s.core.v1.ConfigMap(
    "churn-model-churn-batch-config",
    {
      data: { "model.json": modelJson },
      metadata: { labels, name: "churn-model-churn-batch-config", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterModelChurnEndpointService },
  );
  const modelChurnMonitoringConfig = new k8s.core.v1.ConfigMap(
    "churn-model-churn-monitoring-config",
    {
      data: { "model.json": modelJson },
      metadata: { labels, name: "churn-model-churn-monitoring-config", namespace: networkNamespace.metadata.name },
    },
    { dependsOn: afterModelChurnEndpointService },
  );
  const afterModelChurnIdentityAccountScorer = [
    storageService,
    storageCredentialsJob,
    trackingService,
    storageBuckets,
    trackingUsers,
    orchestrationRelease,
    modelChurnIdentityBindingIngest,
    modelChurnIdentityBindingCurate,
    modelChurnIdentityBindingPreprocess,
    modelChurnIdentityBindingTrain,
    modelChurnIdentityBindingEvaluate,
    modelChurnIdentityBindingGate,
    modelChurnIdentityBindingRegister,
    modelChurnIdentityBindingDeploy,
    modelChurnIdentityBindingBatch,
    modelChurnIdentityBindingMonitor,
    modelChurnIdentityAccountScorer,
  ];
  const modelChurnBatchTemplate = new k8s.apiextensions.CustomResource(
    "churn-model-churn-batch-template",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { labels, name: "churn-model-churn-batch-template", namespace: networkNamespace.metadata.name },
      spec: {
        entrypoint: "main",
        imagePullSecrets: [],
        podGC: { deleteDelayDuration: "600s", strategy: "OnPodSuccess" },
        podMetadata: { labels: { "cyclops.dev/role": "step" } },
        securityContext: {
          fsGroup: 65532,
          runAsGroup: 65532,
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        templates: [
          { dag: { tasks: [{ name: "batch", template: "batch" }] }, name: "main" },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "batch"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-batch" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-batch" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "batch", "cyclops.dev/role": "step" } },
            name: "batch",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-batch",
            volumes: [
              { configMap: { name: modelChurnBatchConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        ],
        ttlStrategy: { secondsAfterCompletion: 604800 },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  const modelChurnMonitoringTemplate = new k8s.apiextensions.CustomResource(
    "churn-model-churn-monitoring-template",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { labels, name: "churn-model-churn-monitoring-template", namespace: networkNamespace.metadata.name },
      spec: {
        entrypoint: "main",
        imagePullSecrets: [],
        podGC: { deleteDelayDuration: "600s", strategy: "OnPodSuccess" },
        podMetadata: { labels: { "cyclops.dev/role": "step" } },
        securityContext: {
          fsGroup: 65532,
          runAsGroup: 65532,
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        templates: [
          { dag: { tasks: [{ name: "monitor", template: "monitor" }] }, name: "main" },
          {
            activeDeadlineSeconds: 1800,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "monitor"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-monitor" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-monitor" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "monitor", "cyclops.dev/role": "step" } },
            name: "monitor",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-monitor",
            volumes: [
              { configMap: { name: modelChurnMonitoringConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        ],
        ttlStrategy: { secondsAfterCompletion: 604800 },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  const modelChurnEndpointDeployment = new k8s.apps.v1.Deployment(
    "churn-model-churn-endpoint-deployment",
    {
      metadata: {
        annotations: { "pulumi.com/patchForce": "true" },
        labels,
        name: "churn-model-churn-endpoint-deployment",
        namespace: networkNamespace.metadata.name,
      },
      spec: {
        selector: {
          matchLabels: {
            "cyclops.dev/name": "churn-model-churn-endpoint",
            "cyclops.dev/role": "scorer",
            "cyclops.dev/scorer": "all",
          },
        },
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }, type: "RollingUpdate" },
        template: {
          metadata: {
            annotations: { "cyclops.dev/content-hash": "e673a00d5cf59e39" },
            labels: {
              "cyclops.dev/name": "churn-model-churn-endpoint",
              "cyclops.dev/role": "scorer",
              "cyclops.dev/scorer": "all",
            },
          },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: ["cyclops-runtime", "serve", "--host", "0.0.0.0", "--port", "8080"],
                env: [
                  { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                  { name: "CYCLOPS_SCORER_ROLE", value: "all" },
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                  { name: "AWS_REGION", value: "us-east-1" },
                  {
                    name: "AWS_ACCESS_KEY_ID",
                    valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-scorer" } },
                  },
                  {
                    name: "AWS_SECRET_ACCESS_KEY",
                    valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-scorer" } },
                  },
                  { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                  {
                    name: "MLFLOW_TRACKING_USERNAME",
                    valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-reader" } },
                  },
                  {
                    name: "MLFLOW_TRACKING_PASSWORD",
                    valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-reader" } },
                  },
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
                livenessProbe: {
                  failureThreshold: 6,
                  httpGet: { path: "/healthz", port: "http" },
                  periodSeconds: 10,
                  timeoutSeconds: 5,
                },
                name: "scorer",
                ports: [{ containerPort: 8080, name: "http" }],
                readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 2, timeoutSeconds: 3 },
                resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: { failureThreshold: 90, httpGet: { path: "/healthz", port: "http" }, periodSeconds: 2 },
                volumeMounts: [
                  { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 65532,
              runAsGroup: 65532,
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: modelChurnIdentityAccountScorer.metadata.name,
            terminationGracePeriodSeconds: 60,
            topologySpreadConstraints: [
              {
                labelSelector: {
                  matchLabels: {
                    "cyclops.dev/name": "churn-model-churn-endpoint",
                    "cyclops.dev/role": "scorer",
                    "cyclops.dev/scorer": "all",
                  },
                },
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
              },
            ],
            volumes: [
              { configMap: { name: modelChurnEndpointConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        storageService,
        storageCredentialsJob,
        trackingService,
        storageBuckets,
        trackingUsers,
        orchestrationRelease,
        modelChurnIdentityBindingIngest,
        modelChurnIdentityBindingCurate,
        modelChurnIdentityBindingPreprocess,
        modelChurnIdentityBindingTrain,
        modelChurnIdentityBindingEvaluate,
        modelChurnIdentityBindingGate,
        modelChurnIdentityBindingRegister,
        modelChurnIdentityBindingDeploy,
        modelChurnIdentityBindingBatch,
        modelChurnIdentityBindingMonitor,
      ],
    },
  );
  new k8s.apiextensions.CustomResource(
    "churn-model-churn-batch-schedule",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: { labels, name: "churn-model-churn-batch-schedule", namespace: networkNamespace.metadata.name },
      spec: {
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 5,
        schedules: ["0 5 * * *"],
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        timezone: "UTC",
        workflowSpec: { workflowTemplateRef: { name: modelChurnBatchTemplate.metadata.name } },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  new k8s.apiextensions.CustomResource(
    "churn-model-churn-monitoring-schedule",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: { labels, name: "churn-model-churn-monitoring-schedule", namespace: networkNamespace.metadata.name },
      spec: {
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 5,
        schedules: ["0 * * * *"],
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        timezone: "UTC",
        workflowSpec: { workflowTemplateRef: { name: modelChurnMonitoringTemplate.metadata.name } },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    "churn-model-churn-endpoint-autoscaler",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-autoscaler", namespace: networkNamespace.metadata.name },
      spec: {
        behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
        maxReplicas: 4,
        metrics: [{ resource: { name: "cpu", target: { averageUtilization: 70, type: "Utilization" } }, type: "Resource" }],
        minReplicas: 1,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: modelChurnEndpointDeployment.metadata.name },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
  const modelChurnTrainingTemplate = new k8s.apiextensions.CustomResource(
    "churn-model-churn-training-template",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { labels, name: "churn-model-churn-training-template", namespace: networkNamespace.metadata.name },
      spec: {
        activeDeadlineSeconds: 72180,
        entrypoint: "training",
        imagePullSecrets: [],
        podGC: { deleteDelayDuration: "600s", strategy: "OnPodSuccess" },
        podMetadata: { labels: { "cyclops.dev/role": "step" } },
        securityContext: {
          fsGroup: 65532,
          runAsGroup: 65532,
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        synchronization: { mutexes: [{ name: "train-churn" }] },
        templates: [
          {
            dag: {
              tasks: [
                { name: "ingest", template: "ingest" },
                { dependencies: ["ingest"], name: "curate", template: "curate" },
                { dependencies: ["curate"], name: "preprocess", template: "preprocess" },
                { dependencies: ["preprocess"], name: "train", template: "train" },
                { dependencies: ["train"], name: "evaluate", template: "evaluate" },
                { dependencies: ["evaluate"], name: "gate", template: "gate" },
                { dependencies: ["gate"], name: "register", template: "register" },
                { dependencies: ["register"], name: "deploy", template: "deploy" },
              ],
            },
            name: "training",
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "ingest"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-ingest" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-ingest" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "ingest", "cyclops.dev/role": "step" } },
            name: "ingest",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-ingest",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "curate"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-curate" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-curate" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "curate", "cyclops.dev/role": "step" } },
            name: "curate",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-curate",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "preprocess"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-preprocess" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-preprocess" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "preprocess", "cyclops.dev/role": "step" } },
            name: "preprocess",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-preprocess",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "train"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-train" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-train" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "train", "cyclops.dev/role": "step" } },
            name: "train",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-train",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "evaluate"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-evaluate" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-evaluate" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "evaluate", "cyclops.dev/role": "step" } },
            name: "evaluate",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-evaluate",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "gate"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-gate" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-gate" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "gate", "cyclops.dev/role": "step" } },
            name: "gate",
            serviceAccountName: "churn-model-churn-identity-account-gate",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "register"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-register" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-register" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "register", "cyclops.dev/role": "step" } },
            name: "register",
            retryStrategy: {
              backoff: { duration: "10s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-register",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
          {
            activeDeadlineSeconds: 3600,
            automountServiceAccountToken: true,
            container: {
              command: ["cyclops-runtime", "deploy"],
              env: [
                { name: "CYCLOPS_CONFIG", value: "/etc/cyclops/model.json" },
                { name: "CYCLOPS_RUN_ID", value: "{{workflow.name}}" },
                { name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" },
                { name: "CYCLOPS_IMAGE", value: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0" },
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-dev.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-deploy" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-deploy" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-dev.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "deploy", "cyclops.dev/role": "step" } },
            name: "deploy",
            serviceAccountName: "churn-model-churn-identity-account-deploy",
            volumes: [
              { configMap: { name: modelChurnTrainingConfig.metadata.name }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        ],
        ttlStrategy: { secondsAfterCompletion: 604800 },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.apiextensions.CustomResource(
    "churn-model-churn-training-schedule",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: { labels, name: "churn-model-churn-training-schedule", namespace: networkNamespace.metadata.name },
      spec: {
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 5,
        schedules: ["0 3 * * 1"],
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        timezone: "UTC",
        workflowSpec: { workflowTemplateRef: { name: modelChurnTrainingTemplate.metadata.name } },
      },
    },
    { dependsOn: afterOrchestrationRelease },
  );
}
