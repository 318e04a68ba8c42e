// biome-ignore-all lint/suspicious/noTemplateCurlyInString: dashboards hold variables of Grafana.
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
      name: "churn-stack",
    },
  });
  const labels = {
    "app.kubernetes.io/managed-by": "cyclops",
    "app.kubernetes.io/part-of": "churn",
    "cyclops.dev/environment": "dev",
    "cyclops.dev/stack": "churn",
  };
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-deny",
    {
      metadata: { labels, name: "churn-platform-network-policy-deny", namespace: "churn-stack" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-inside",
    {
      metadata: { labels, name: "churn-platform-network-policy-inside", namespace: "churn-stack" },
      spec: { egress: [{ to: [{ podSelector: {} }] }], podSelector: {}, policyTypes: ["Egress"] },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-names",
    {
      metadata: { labels, name: "churn-platform-network-policy-names", namespace: "churn-stack" },
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
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-step",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-step", namespace: "churn-stack" },
      spec: {
        ingress: [{ from: [{ podSelector: { matchLabels: { "cyclops.dev/role": "step" } } }] }],
        podSelector: { matchLabels: { "cyclops.dev/role": "step" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-predictions",
    {
      metadata: { labels, name: "churn-platform-network-policy-predictions", namespace: "churn-stack" },
      spec: {
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080, protocol: "TCP" }] }],
        podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-argo",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-argo", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } } }],
            ports: [{ port: 9090, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/role": "argo" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-prometheus",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-prometheus", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "cyclops.dev/role": "grafana" } } }],
            ports: [{ port: 9090, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-volumes",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-volumes", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } } }],
            ports: [{ port: 9097, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/volume": "watched" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-data-sources",
    {
      metadata: { labels, name: "churn-platform-network-policy-data-sources", namespace: "churn-stack" },
      spec: {
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] }],
        podSelector: { matchExpressions: [{ key: "cyclops.dev/role", operator: "In", values: ["step", "workbench"] }] },
        policyTypes: ["Egress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-api-server",
    {
      metadata: { labels, name: "churn-platform-network-policy-api-server", namespace: "churn-stack" },
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
          matchExpressions: [
            {
              key: "cyclops.dev/role",
              operator: "In",
              values: ["credentials", "argo", "step", "workbench", "prometheus", "grafana"],
            },
          ],
        },
        policyTypes: ["Egress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-database",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-database", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [
              { podSelector: { matchLabels: { "cyclops.dev/role": "tracking" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } } },
            ],
            ports: [{ port: 5432, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/role": "database" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-pushgateway",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-pushgateway", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [
              { podSelector: { matchLabels: { "cyclops.dev/role": "step" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } } },
            ],
            ports: [{ port: 9091, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/role": "pushgateway" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-tracking",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-tracking", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [
              { podSelector: { matchLabels: { "cyclops.dev/role": "users" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "step" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "workbench" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } } },
            ],
            ports: [{ port: 5000, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/role": "tracking" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.networking.v1.NetworkPolicy(
    "churn-platform-network-policy-to-object-store",
    {
      metadata: { labels, name: "churn-platform-network-policy-to-object-store", namespace: "churn-stack" },
      spec: {
        ingress: [
          {
            from: [
              { podSelector: { matchLabels: { "cyclops.dev/role": "buckets" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "tracking" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "step" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "scorer" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "workbench" } } },
              { podSelector: { matchLabels: { "cyclops.dev/role": "prometheus" } } },
            ],
            ports: [{ port: 8333, protocol: "TCP" }],
          },
        ],
        podSelector: { matchLabels: { "cyclops.dev/role": "object-store" } },
        policyTypes: ["Ingress"],
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const storageAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-storage-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-storage-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.core.v1.Service(
    "churn-platform-storage-service",
    {
      metadata: { labels, name: "churn-platform-storage-service", namespace: "churn-stack" },
      spec: {
        ports: [{ name: "s3", port: 8333, targetPort: "s3" }],
        selector: { "cyclops.dev/name": "churn-platform-storage", "cyclops.dev/role": "object-store" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const storageVolume = new k8s.core.v1.PersistentVolumeClaim(
    "churn-platform-storage-volume",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-storage-volume",
        namespace: "churn-stack",
      },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "50Gi" } } },
    },
    { dependsOn: [networkNamespace], retainOnDelete: true },
  );
  const storageConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-storage-config",
    {
      data: {
        "config.json": JSON.stringify({
          buckets: [
            { name: "churn-stack-raw", versioning: true, expireDays: null },
            { name: "churn-stack-curated", versioning: true, expireDays: 365 },
            { name: "churn-stack-features", versioning: true, expireDays: 90 },
            { name: "churn-stack-models", versioning: true, expireDays: null },
            { name: "churn-stack-predictions", versioning: true, expireDays: 365 },
          ],
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-storage-config" },
        labels,
        name: "churn-platform-storage-config-cf3380b0",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const trackingAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-tracking-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-tracking-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace] },
  );
  const trackingDatabaseVolume = new k8s.core.v1.PersistentVolumeClaim(
    "churn-platform-tracking-database-volume",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-tracking-database-volume",
        namespace: "churn-stack",
      },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
    },
    { dependsOn: [networkNamespace], retainOnDelete: true },
  );
  new k8s.core.v1.Service(
    "churn-platform-tracking-database-service",
    {
      metadata: { labels, name: "churn-platform-tracking-database-service", namespace: "churn-stack" },
      spec: {
        ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
        selector: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "database" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.core.v1.Service(
    "churn-platform-tracking-service",
    {
      metadata: { labels, name: "churn-platform-tracking-service", namespace: "churn-stack" },
      spec: {
        ports: [{ name: "http", port: 5000, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "tracking" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const trackingConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-tracking-config",
    {
      data: {
        "config.json": JSON.stringify({
          users: [
            { directory: "/etc/cyclops-secrets/churn-platform-tracking-writer", admin: false },
            { directory: "/etc/cyclops-secrets/churn-platform-tracking-reader", admin: false },
          ],
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-tracking-config" },
        labels,
        name: "churn-platform-tracking-config-a1a0ed15",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityPrometheusAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-observability-prometheus-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-observability-prometheus-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityPushgatewayVolume = new k8s.core.v1.PersistentVolumeClaim(
    "churn-platform-observability-pushgateway-volume",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-observability-pushgateway-volume",
        namespace: "churn-stack",
      },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    { dependsOn: [networkNamespace], retainOnDelete: true },
  );
  const observabilityPrometheusVolume = new k8s.core.v1.PersistentVolumeClaim(
    "churn-platform-observability-prometheus-volume",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-observability-prometheus-volume",
        namespace: "churn-stack",
      },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
    },
    { dependsOn: [networkNamespace], retainOnDelete: true },
  );
  new k8s.core.v1.Service(
    "churn-platform-observability-pushgateway-service",
    {
      metadata: {
        labels: {
          "app.kubernetes.io/managed-by": "cyclops",
          "app.kubernetes.io/part-of": "churn",
          "cyclops.dev/environment": "dev",
          "cyclops.dev/name": "churn-platform-observability",
          "cyclops.dev/role": "pushgateway",
          "cyclops.dev/stack": "churn",
        },
        name: "churn-platform-observability-pushgateway-service",
        namespace: "churn-stack",
      },
      spec: {
        ports: [{ name: "http", port: 9091, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-platform-observability", "cyclops.dev/role": "pushgateway" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.core.v1.Service(
    "churn-platform-observability-prometheus-service",
    {
      metadata: {
        labels: {
          "app.kubernetes.io/managed-by": "cyclops",
          "app.kubernetes.io/part-of": "churn",
          "cyclops.dev/environment": "dev",
          "cyclops.dev/name": "churn-platform-observability",
          "cyclops.dev/role": "prometheus",
          "cyclops.dev/stack": "churn",
        },
        name: "churn-platform-observability-prometheus-service",
        namespace: "churn-stack",
      },
      spec: {
        ports: [{ name: "http", port: 9090, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-platform-observability", "cyclops.dev/role": "prometheus" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.core.v1.Service(
    "churn-platform-observability-scorers",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-observability-scorers",
        namespace: "churn-stack",
      },
      spec: {
        clusterIP: "None",
        ports: [{ name: "http", port: 8080, targetPort: "http" }],
        publishNotReadyAddresses: true,
        selector: { "cyclops.dev/role": "scorer" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  new k8s.core.v1.Service(
    "churn-platform-observability-volumes",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-observability-volumes",
        namespace: "churn-stack",
      },
      spec: {
        clusterIP: "None",
        ports: [{ name: "volume", port: 9097, targetPort: "volume" }],
        publishNotReadyAddresses: true,
        selector: { "cyclops.dev/volume": "watched" },
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const labels2 = {
    "app.kubernetes.io/managed-by": "cyclops",
    "app.kubernetes.io/part-of": "churn",
    "cyclops.dev/environment": "dev",
    "cyclops.dev/prometheus-rules": "true",
    "cyclops.dev/stack": "churn",
  };
  new k8s.core.v1.ConfigMap(
    "churn-platform-observability-rules",
    {
      data: {
        "monitoring.yaml":
          '{\n  "groups": [\n    {\n      "name": "cyclops-monitoring",\n      "rules": [\n        {\n          "alert": "CyclopsRulesRefused",\n          "expr": "max by (configmap, file) (cyclops_rules_refused) > 0",\n          "for": "5m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "rules",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Prometheus refuses a rule file",\n            "description": "{{ $labels.file }} of the ConfigMap {{ $labels.configmap }} is not in force: its last good version is, if there was one.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#monitoring"\n          }\n        },\n        {\n          "alert": "CyclopsMonitoringDown",\n          "expr": "up{job=~\\"cyclops-pushgateway|cyclops-rules|cyclops-watch|cyclops-volumes|cyclops-alertmanager\\"} == 0",\n          "for": "10m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "monitoring",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "A part of the monitoring does not answer",\n            "description": "{{ $labels.job }} at {{ $labels.instance }} has not answered for ten minutes.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#monitoring"\n          }\n        },\n        {\n          "alert": "CyclopsNotificationsFail",\n          "expr": "sum by (integration) (rate(alertmanager_notifications_failed_total[15m])) > 0",\n          "for": "15m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "notifications",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Alerts do not arrive",\n            "description": "Alertmanager cannot send by {{ $labels.integration }}: see its log.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#monitoring"\n          }\n        }\n      ]\n    }\n  ]\n}\n',
        "platform.yaml":
          '{\n  "groups": [\n    {\n      "name": "cyclops-runs",\n      "rules": [\n        {\n          "alert": "CyclopsRunFailed",\n          "expr": "max by (model, pipeline, step, exit_code) (cyclops_pipeline_failed{pipeline=\\"training\\",exit_code!~\\"3|4\\"}) > 0",\n          "labels": {\n            "severity": "warn",\n            "kpi": "training",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The training of {{ $labels.model }} has failed (churn/dev)",\n            "description": "{{ with $labels.step }}Step {{ . }}{{ else }}The run as a whole{{ end }}{{ with $labels.exit_code }}, exit code {{ . }}{{ end }}: {{ range printf \\"cyclops_pipeline_failed{model=%q,pipeline=%q}\\" $labels.model $labels.pipeline | query }}{{ .Labels.reason }} (run {{ .Labels.run }}){{ end }}. {{ if eq $labels.exit_code \\"1\\" }}The input or the configuration is wrong: another attempt gives the same answer.{{ else if eq $labels.exit_code \\"75\\" }}Something that it needs did not answer, at no attempt.{{ else if eq $labels.exit_code \\"137\\" }}It was killed, mostly since it used more memory than its size has.{{ else }}See the log of its pod.{{ end }}",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#failed-run"\n          }\n        },\n        {\n          "alert": "CyclopsRunFailed",\n          "expr": "max by (model, pipeline, step, exit_code) (cyclops_pipeline_failed{pipeline=\\"batch\\"}) > 0",\n          "labels": {\n            "severity": "critical",\n            "kpi": "batch",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The batch of {{ $labels.model }} has failed (churn/dev)",\n            "description": "{{ with $labels.step }}Step {{ . }}{{ else }}The run as a whole{{ end }}{{ with $labels.exit_code }}, exit code {{ . }}{{ end }}: {{ range printf \\"cyclops_pipeline_failed{model=%q,pipeline=%q}\\" $labels.model $labels.pipeline | query }}{{ .Labels.reason }} (run {{ .Labels.run }}){{ end }}. {{ if eq $labels.exit_code \\"1\\" }}The input or the configuration is wrong: another attempt gives the same answer.{{ else if eq $labels.exit_code \\"75\\" }}Something that it needs did not answer, at no attempt.{{ else if eq $labels.exit_code \\"137\\" }}It was killed, mostly since it used more memory than its size has.{{ else }}See the log of its pod.{{ end }}",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#failed-run"\n          }\n        },\n        {\n          "alert": "CyclopsRunFailed",\n          "expr": "max by (model, pipeline, step, exit_code) (cyclops_pipeline_failed{pipeline=\\"monitoring\\"}) > 0",\n          "labels": {\n            "severity": "warn",\n            "kpi": "monitor",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The monitoring of {{ $labels.model }} has failed (churn/dev)",\n            "description": "{{ with $labels.step }}Step {{ . }}{{ else }}The run as a whole{{ end }}{{ with $labels.exit_code }}, exit code {{ . }}{{ end }}: {{ range printf \\"cyclops_pipeline_failed{model=%q,pipeline=%q}\\" $labels.model $labels.pipeline | query }}{{ .Labels.reason }} (run {{ .Labels.run }}){{ end }}. {{ if eq $labels.exit_code \\"1\\" }}The input or the configuration is wrong: another attempt gives the same answer.{{ else if eq $labels.exit_code \\"75\\" }}Something that it needs did not answer, at no attempt.{{ else if eq $labels.exit_code \\"137\\" }}It was killed, mostly since it used more memory than its size has.{{ else }}See the log of its pod.{{ end }}",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#failed-run"\n          }\n        },\n        {\n          "alert": "CyclopsVersionRefused",\n          "expr": "max by (model, pipeline, step, exit_code) (cyclops_pipeline_failed{pipeline=\\"training\\",exit_code=\\"3\\"}) > 0",\n          "labels": {\n            "severity": "warn",\n            "kpi": "training",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The gate has refused a version of {{ $labels.model }} (churn/dev)",\n            "description": "{{ range printf \\"cyclops_pipeline_failed{model=%q,pipeline=%q}\\" $labels.model $labels.pipeline | query }}{{ .Labels.reason }} (run {{ .Labels.run }}){{ end }}. The version that was there goes on.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#version-refused"\n          }\n        },\n        {\n          "alert": "CyclopsVersionRolledBack",\n          "expr": "max by (model, pipeline, step, exit_code) (cyclops_pipeline_failed{pipeline=\\"training\\",exit_code=\\"4\\"}) > 0",\n          "labels": {\n            "severity": "warn",\n            "kpi": "training",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "A version of {{ $labels.model }} was rolled back (churn/dev)",\n            "description": "{{ range printf \\"cyclops_pipeline_failed{model=%q,pipeline=%q}\\" $labels.model $labels.pipeline | query }}{{ .Labels.reason }} (run {{ .Labels.run }}){{ end }}. The version that was there goes on.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#version-rolled-back"\n          }\n        },\n        {\n          "alert": "CyclopsRunMissing",\n          "expr": "time() - max by (model, pipeline) (cyclops_schedule_last_timestamp_seconds{pipeline=\\"training\\"}) > max by (model, pipeline) (cyclops_schedule_interval_seconds{pipeline=\\"training\\"}) + 3600",\n          "for": "5m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "training",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The training of {{ $labels.model }} does not run (churn/dev)",\n            "description": "Its schedule has started nothing for {{ $value | humanizeDuration }}, an hour longer than it may.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#missing-run"\n          }\n        },\n        {\n          "alert": "CyclopsRunMissing",\n          "expr": "time() - max by (model, pipeline) (cyclops_schedule_last_timestamp_seconds{pipeline=\\"batch\\"}) > max by (model, pipeline) (cyclops_schedule_interval_seconds{pipeline=\\"batch\\"}) + 3600",\n          "for": "5m",\n          "labels": {\n            "severity": "critical",\n            "kpi": "batch",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The batch of {{ $labels.model }} does not run (churn/dev)",\n            "description": "Its schedule has started nothing for {{ $value | humanizeDuration }}, an hour longer than it may.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#missing-run"\n          }\n        },\n        {\n          "alert": "CyclopsRunMissing",\n          "expr": "time() - max by (model, pipeline) (cyclops_schedule_last_timestamp_seconds{pipeline=\\"monitoring\\"}) > max by (model, pipeline) (cyclops_schedule_interval_seconds{pipeline=\\"monitoring\\"}) + 3600",\n          "for": "5m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "monitor",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The monitoring of {{ $labels.model }} does not run (churn/dev)",\n            "description": "Its schedule has started nothing for {{ $value | humanizeDuration }}, an hour longer than it may.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#missing-run"\n          }\n        },\n        {\n          "alert": "CyclopsRunsWait",\n          "expr": "max(cyclops_workflows_waiting) > 0",\n          "for": "5m",\n          "labels": {\n            "severity": "critical",\n            "kpi": "argo",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Runs are not taken up (churn/dev)",\n            "description": "{{ $value }} workflows have no phase: no controller of Argo Workflows takes them up.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#argo"\n          }\n        }\n      ]\n    },\n    {\n      "name": "cyclops-servers",\n      "rules": [\n        {\n          "alert": "CyclopsServerDown",\n          "expr": "min by (server) (cyclops_server_up) == 0 or label_replace(min(up{job=\\"cyclops-argo\\"}) == 0, \\"server\\", \\"argo\\", \\"\\", \\"\\")",\n          "for": "3m",\n          "labels": {\n            "severity": "critical",\n            "kpi": "servers",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "{{ $labels.server }} does not answer (churn/dev)",\n            "description": "{{ $labels.server }} has not answered for three minutes. Scorers go on with the model that they have.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#server-down"\n          }\n        },\n        {\n          "alert": "CyclopsWatchBlind",\n          "expr": "min(cyclops_watch_sees_runs) == 0 or absent(cyclops_watch_sees_runs)",\n          "for": "15m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "monitoring",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Nobody sees runs (churn/dev)",\n            "description": "Runs and servers are not told of: alerts about them neither begin nor end.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#monitoring"\n          }\n        }\n      ]\n    },\n    {\n      "name": "cyclops-volumes",\n      "rules": [\n        {\n          "alert": "CyclopsVolumeFull",\n          "expr": "(1 - max by (volume) (cyclops_volume_available_bytes) / max by (volume) (cyclops_volume_size_bytes)) > 0.9",\n          "for": "10m",\n          "labels": {\n            "severity": "warn",\n            "kpi": "volume-{{ $labels.volume }}",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The volume {{ $labels.volume }} is nearly full (churn/dev)",\n            "description": "The claim {{ $labels.volume }} is filled to {{ $value | humanizePercentage }}.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#volume-full"\n          }\n        },\n        {\n          "alert": "CyclopsVolumeFull",\n          "expr": "(1 - max by (volume) (cyclops_volume_available_bytes) / max by (volume) (cyclops_volume_size_bytes)) > 0.95",\n          "for": "10m",\n          "labels": {\n            "severity": "critical",\n            "kpi": "volume-{{ $labels.volume }}",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "The volume {{ $labels.volume }} is nearly full (churn/dev)",\n            "description": "The claim {{ $labels.volume }} is filled to {{ $value | humanizePercentage }}.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#volume-full"\n          }\n        }\n      ]\n    },\n    {\n      "name": "cyclops-watchdog",\n      "rules": [\n        {\n          "alert": "CyclopsWatchdog",\n          "expr": "vector(1)",\n          "labels": {\n            "severity": "none",\n            "kpi": "watchdog",\n            "model": "none",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Alerts are on their way (churn/dev)",\n            "description": "Always fires: whoever receives it tells a person when it stays away, since then nothing else arrives either.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/runbooks.md#watchdog"\n          }\n        }\n      ]\n    }\n  ]\n}\n',
        "recording.yaml":
          '{\n  "groups": [\n    {\n      "name": "cyclops-serving",\n      "rules": [\n        {\n          "record": "cyclops:requests:increase5m",\n          "expr": "sum by (namespace, model) (increase(cyclops_requests_total{version!=\\"none\\"}[5m]))"\n        },\n        {\n          "record": "cyclops:requests:increase1h",\n          "expr": "sum by (namespace, model) (increase(cyclops_requests_total{version!=\\"none\\"}[1h]))"\n        },\n        {\n          "record": "cyclops:throughput:per_minute",\n          "expr": "60 * sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\"}[5m]))"\n        },\n        {\n          "record": "cyclops:latency_p95:milliseconds",\n          "expr": "1000 * histogram_quantile(0.95, sum by (namespace, model, le) (rate(cyclops_request_seconds_bucket{version!=\\"none\\"}[5m]))) >= 0"\n        },\n        {\n          "record": "cyclops:latency_p95_1h:milliseconds",\n          "expr": "1000 * histogram_quantile(0.95, sum by (namespace, model, le) (rate(cyclops_request_seconds_bucket{version!=\\"none\\"}[1h]))) >= 0"\n        },\n        {\n          "record": "cyclops:error_rate:ratio",\n          "expr": "(sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\",code=~\\"5..\\"}[5m])) or 0 * sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\"}[5m]))) / (sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\"}[5m])) > 0)"\n        },\n        {\n          "record": "cyclops:error_rate_1h:ratio",\n          "expr": "(sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\",code=~\\"5..\\"}[1h])) or 0 * sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\"}[1h]))) / (sum by (namespace, model) (rate(cyclops_requests_total{version!=\\"none\\"}[1h])) > 0)"\n        },\n        {\n          "record": "cyclops:cpu_use:ratio",\n          "expr": "max by (namespace, model) (max by (instance) (rate(process_cpu_seconds_total[5m]) / cyclops_cpu_limit_cores) * on (instance) group_left (namespace, model) (0 * max by (instance, namespace, model) (cyclops_inflight_requests) + 1))"\n        },\n        {\n          "record": "cyclops:memory_use:ratio",\n          "expr": "max by (namespace, model) (max by (instance) (process_resident_memory_bytes / cyclops_memory_limit_bytes) * on (instance) group_left (namespace, model) (0 * max by (instance, namespace, model) (cyclops_inflight_requests) + 1))"\n        },\n        {\n          "record": "cyclops:saturation:ratio",\n          "expr": "max by (namespace, model) ({__name__=~\\"cyclops:cpu_use:ratio|cyclops:memory_use:ratio\\"})"\n        }\n      ]\n    }\n  ]\n}\n',
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-rules" },
        labels: labels2,
        name: "churn-platform-observability-rules-05680794",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const orchestrationChart = new k8s.helm.v4.Chart(
    "churn-platform-orchestration-chart",
    {
      chart: "argo-workflows",
      name: "churn-platform-orchestration",
      namespace: "churn-stack",
      repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
      values: {
        controller: {
          clusterWorkflowTemplates: { enabled: false },
          extraEnv: [{ name: "DEFAULT_REQUEUE_TIME", value: "1s" }],
          image: { registry: "quay.io", repository: "argoproj/workflow-controller", tag: "v3.7.3" },
          metricsConfig: { enabled: true, secure: false },
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
          workflowNamespaces: ["churn-stack"],
        },
        crds: { install: true, keep: true },
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
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityPrometheusRole = new k8s.rbac.v1.Role(
    "churn-platform-observability-prometheus-role",
    {
      metadata: { labels, name: "churn-platform-observability-prometheus-role", namespace: "churn-stack" },
      rules: [
        { apiGroups: [""], resources: ["configmaps"], verbs: ["list"] },
        { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["get", "list"] },
        { apiGroups: ["argoproj.io"], resources: ["cronworkflows"], verbs: ["list"] },
      ],
    },
    { dependsOn: [networkNamespace] },
  );
  const storageCredentialsAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-storage-credentials-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-storage-credentials-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace] },
  );
  const storageCredentialsSecretAdministrator = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-administrator",
    { metadata: { labels, name: "churn-platform-storage-key-administrator", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretTracking = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-tracking",
    { metadata: { labels, name: "churn-platform-storage-key-tracking", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretIngest = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-ingest",
    { metadata: { labels, name: "churn-platform-storage-key-ingest", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretCurate = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-curate",
    { metadata: { labels, name: "churn-platform-storage-key-curate", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretPreprocess = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-preprocess",
    { metadata: { labels, name: "churn-platform-storage-key-preprocess", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretTrain = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-train",
    { metadata: { labels, name: "churn-platform-storage-key-train", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretEvaluate = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-evaluate",
    { metadata: { labels, name: "churn-platform-storage-key-evaluate", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretGate = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-gate",
    { metadata: { labels, name: "churn-platform-storage-key-gate", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretRegister = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-register",
    { metadata: { labels, name: "churn-platform-storage-key-register", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretDeploy = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-deploy",
    { metadata: { labels, name: "churn-platform-storage-key-deploy", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretBatch = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-batch",
    { metadata: { labels, name: "churn-platform-storage-key-batch", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretScorer = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-scorer",
    { metadata: { labels, name: "churn-platform-storage-key-scorer", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretMonitor = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-monitor",
    { metadata: { labels, name: "churn-platform-storage-key-monitor", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretWorkbench = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-workbench",
    { metadata: { labels, name: "churn-platform-storage-key-workbench", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretIdentities = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-identities",
    { metadata: { labels, name: "churn-platform-storage-identities", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsSecretSecurity = new k8s.core.v1.Secret(
    "churn-platform-storage-credentials-secret-security",
    { metadata: { labels, name: "churn-platform-storage-security", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const storageCredentialsConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-storage-credentials-config",
    {
      data: {
        "config.json": JSON.stringify({
          namespace: "churn-stack",
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
                  actions: ["Read:churn-stack-models", "List:churn-stack-models", "Write:churn-stack-models"],
                },
                {
                  name: "ingest",
                  secret: "churn-platform-storage-key-ingest",
                  actions: [
                    "Read:churn-stack-raw",
                    "List:churn-stack-raw",
                    "Write:churn-stack-raw",
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Write:churn-stack-curated",
                  ],
                },
                {
                  name: "curate",
                  secret: "churn-platform-storage-key-curate",
                  actions: [
                    "Read:churn-stack-raw",
                    "List:churn-stack-raw",
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Write:churn-stack-curated",
                  ],
                },
                {
                  name: "preprocess",
                  secret: "churn-platform-storage-key-preprocess",
                  actions: [
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Read:churn-stack-features",
                    "List:churn-stack-features",
                    "Write:churn-stack-features",
                  ],
                },
                {
                  name: "train",
                  secret: "churn-platform-storage-key-train",
                  actions: [
                    "Read:churn-stack-features",
                    "List:churn-stack-features",
                    "Read:churn-stack-models",
                    "List:churn-stack-models",
                    "Write:churn-stack-models",
                  ],
                },
                {
                  name: "evaluate",
                  secret: "churn-platform-storage-key-evaluate",
                  actions: [
                    "Read:churn-stack-features",
                    "List:churn-stack-features",
                    "Read:churn-stack-models",
                    "List:churn-stack-models",
                    "Write:churn-stack-models",
                  ],
                },
                {
                  name: "gate",
                  secret: "churn-platform-storage-key-gate",
                  actions: ["Read:churn-stack-models", "List:churn-stack-models"],
                },
                {
                  name: "register",
                  secret: "churn-platform-storage-key-register",
                  actions: [
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Read:churn-stack-models",
                    "List:churn-stack-models",
                    "Write:churn-stack-models",
                  ],
                },
                {
                  name: "deploy",
                  secret: "churn-platform-storage-key-deploy",
                  actions: [
                    "Read:churn-stack-features",
                    "List:churn-stack-features",
                    "Read:churn-stack-models",
                    "List:churn-stack-models",
                    "Write:churn-stack-models",
                  ],
                },
                {
                  name: "batch",
                  secret: "churn-platform-storage-key-batch",
                  actions: [
                    "Read:churn-stack-raw",
                    "List:churn-stack-raw",
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Read:churn-stack-predictions",
                    "List:churn-stack-predictions",
                    "Write:churn-stack-predictions",
                  ],
                },
                {
                  name: "scorer",
                  secret: "churn-platform-storage-key-scorer",
                  actions: ["Read:churn-stack-predictions", "List:churn-stack-predictions", "Write:churn-stack-predictions"],
                },
                {
                  name: "monitor",
                  secret: "churn-platform-storage-key-monitor",
                  actions: [
                    "Read:churn-stack-raw",
                    "List:churn-stack-raw",
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Read:churn-stack-features",
                    "List:churn-stack-features",
                    "Read:churn-stack-models",
                    "List:churn-stack-models",
                    "Read:churn-stack-predictions",
                    "List:churn-stack-predictions",
                    "Write:churn-stack-predictions",
                  ],
                },
                {
                  name: "workbench",
                  secret: "churn-platform-storage-key-workbench",
                  actions: [
                    "Read:churn-stack-raw",
                    "List:churn-stack-raw",
                    "Read:churn-stack-curated",
                    "List:churn-stack-curated",
                    "Read:churn-stack-features",
                    "List:churn-stack-features",
                    "Read:churn-stack-predictions",
                    "List:churn-stack-predictions",
                  ],
                },
              ],
            },
            { name: "churn-platform-storage-security", kind: "seaweedfs-security" },
          ],
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-storage-credentials-config" },
        labels,
        name: "churn-platform-storage-credentials-config-3c8e6cc1",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const trackingCredentialsAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-tracking-credentials-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-tracking-credentials-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace] },
  );
  const trackingCredentialsSecretPassword = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-password",
    { metadata: { labels, name: "churn-platform-tracking-database-password", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretUrl = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-url",
    { metadata: { labels, name: "churn-platform-tracking-database-url", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretAdministrator = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-administrator",
    { metadata: { labels, name: "churn-platform-tracking-administrator", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretWriter = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-writer",
    { metadata: { labels, name: "churn-platform-tracking-writer", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretReader = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-reader",
    { metadata: { labels, name: "churn-platform-tracking-reader", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsSecretAuthentication = new k8s.core.v1.Secret(
    "churn-platform-tracking-credentials-secret-authentication",
    { metadata: { labels, name: "churn-platform-tracking-authentication", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const trackingCredentialsConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-tracking-credentials-config",
    {
      data: {
        "config.json": JSON.stringify({
          namespace: "churn-stack",
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
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-tracking-credentials-config" },
        labels,
        name: "churn-platform-tracking-credentials-config-e64a2e03",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityCredentialsAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-observability-credentials-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-observability-credentials-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityCredentialsSecretPushgateway = new k8s.core.v1.Secret(
    "churn-platform-observability-credentials-secret-pushgateway",
    { metadata: { labels, name: "churn-platform-observability-pushgateway-user", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const observabilityCredentialsSecretPrometheus = new k8s.core.v1.Secret(
    "churn-platform-observability-credentials-secret-prometheus",
    { metadata: { labels, name: "churn-platform-observability-prometheus-user", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [networkNamespace], ignoreChanges: ["data", "stringData"] },
  );
  const observabilityCredentialsConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-observability-credentials-config",
    {
      data: {
        "config.json": JSON.stringify({
          namespace: "churn-stack",
          secrets: [
            { name: "churn-platform-observability-pushgateway-user", kind: "web-user", username: "monitoring-client" },
            { name: "churn-platform-observability-prometheus-user", kind: "web-user", username: "monitoring-client" },
          ],
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-config-3abb0d" },
        labels,
        name: "churn-platform-observability-config-3abb0d-0896ffd9",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityPrometheusConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-observability-prometheus-config",
    {
      data: {
        "prometheus.yml":
          '{\n  "global": {\n    "scrape_interval": "15s",\n    "evaluation_interval": "15s"\n  },\n  "rule_files": [\n    "/etc/prometheus-rules/*.yaml",\n    "/etc/prometheus-rules/*.yml"\n  ],\n  "scrape_configs": [\n    {\n      "job_name": "cyclops-scorers",\n      "dns_sd_configs": [\n        {\n          "names": [\n            "churn-platform-observability-scorers.churn-stack.svc"\n          ],\n          "port": 8080,\n          "refresh_interval": "15s",\n          "type": "A"\n        },\n        {\n          "names": [\n            "churn-platform-observability-scorers.churn-stack.svc"\n          ],\n          "port": 8080,\n          "refresh_interval": "15s",\n          "type": "AAAA"\n        }\n      ],\n      "relabel_configs": [\n        {\n          "target_label": "namespace",\n          "replacement": "churn-stack"\n        }\n      ]\n    },\n    {\n      "job_name": "cyclops-volumes",\n      "dns_sd_configs": [\n        {\n          "names": [\n            "churn-platform-observability-volumes.churn-stack.svc"\n          ],\n          "port": 9097,\n          "refresh_interval": "15s",\n          "type": "A"\n        },\n        {\n          "names": [\n            "churn-platform-observability-volumes.churn-stack.svc"\n          ],\n          "port": 9097,\n          "refresh_interval": "15s",\n          "type": "AAAA"\n        }\n      ]\n    },\n    {\n      "job_name": "cyclops-pushgateway",\n      "static_configs": [\n        {\n          "targets": [\n            "churn-platform-observability-pushgateway-service.churn-stack.svc:9091"\n          ]\n        }\n      ],\n      "honor_labels": true,\n      "basic_auth": {\n        "username": "monitoring-client",\n        "password_file": "/etc/prometheus-passwords/pushgateway/password"\n      }\n    },\n    {\n      "job_name": "cyclops-prometheus",\n      "static_configs": [\n        {\n          "targets": [\n            "localhost:9090"\n          ]\n        }\n      ],\n      "basic_auth": {\n        "username": "monitoring-client",\n        "password_file": "/etc/prometheus-passwords/prometheus/password"\n      }\n    },\n    {\n      "job_name": "cyclops-rules",\n      "static_configs": [\n        {\n          "targets": [\n            "localhost:9095"\n          ]\n        }\n      ]\n    },\n    {\n      "job_name": "cyclops-watch",\n      "static_configs": [\n        {\n          "targets": [\n            "localhost:9096"\n          ]\n        }\n      ]\n    },\n    {\n      "job_name": "cyclops-argo",\n      "static_configs": [\n        {\n          "targets": [\n            "churn-platform-orchestration-workflow-controller.churn-stack.svc:8080"\n          ]\n        }\n      ]\n    }\n  ]\n}\n',
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-config-960364" },
        labels,
        name: "churn-platform-observability-config-960364-5038f283",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace] },
  );
  const storageCredentialsRole = new k8s.rbac.v1.Role(
    "churn-platform-storage-credentials-role",
    {
      metadata: { labels, name: "churn-platform-storage-credentials-role", namespace: "churn-stack" },
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
            "churn-platform-storage-security",
          ],
          resources: ["secrets"],
          verbs: ["get", "patch"],
        },
      ],
    },
    { dependsOn: [networkNamespace] },
  );
  const trackingCredentialsRole = new k8s.rbac.v1.Role(
    "churn-platform-tracking-credentials-role",
    {
      metadata: { labels, name: "churn-platform-tracking-credentials-role", namespace: "churn-stack" },
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
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityCredentialsRole = new k8s.rbac.v1.Role(
    "churn-platform-observability-credentials-role",
    {
      metadata: { labels, name: "churn-platform-observability-credentials-role", namespace: "churn-stack" },
      rules: [
        {
          apiGroups: [""],
          resourceNames: ["churn-platform-observability-pushgateway-user", "churn-platform-observability-prometheus-user"],
          resources: ["secrets"],
          verbs: ["get", "patch"],
        },
      ],
    },
    { dependsOn: [networkNamespace] },
  );
  const observabilityPrometheusBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-observability-prometheus-binding",
    {
      metadata: { labels, name: "churn-platform-observability-prometheus-binding", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-observability-prometheus-role" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-observability-prometheus-account", namespace: "churn-stack" }],
    },
    { dependsOn: [networkNamespace, observabilityPrometheusRole, observabilityPrometheusAccount] },
  );
  const storageCredentialsBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-storage-credentials-binding",
    {
      metadata: { labels, name: "churn-platform-storage-credentials-binding", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-storage-credentials-role" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-storage-credentials-account", namespace: "churn-stack" }],
    },
    { dependsOn: [networkNamespace, storageCredentialsRole, storageCredentialsAccount] },
  );
  const trackingCredentialsBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-tracking-credentials-binding",
    {
      metadata: { labels, name: "churn-platform-tracking-credentials-binding", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-tracking-credentials-role" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-tracking-credentials-account", namespace: "churn-stack" }],
    },
    { dependsOn: [networkNamespace, trackingCredentialsRole, trackingCredentialsAccount] },
  );
  const observabilityCredentialsBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-observability-credentials-binding",
    {
      metadata: { labels, name: "churn-platform-observability-credentials-binding", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-observability-credentials-role" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-observability-credentials-account", namespace: "churn-stack" }],
    },
    { dependsOn: [networkNamespace, observabilityCredentialsRole, observabilityCredentialsAccount] },
  );
  const storageCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-storage-credentials-job",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-storage-credentials-job" },
        labels,
        name: "churn-platform-storage-credentials-job-cce0a5a4",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "credentials" } },
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
            serviceAccountName: "churn-platform-storage-credentials-account",
            volumes: [
              { configMap: { name: "churn-platform-storage-credentials-config-3c8e6cc1" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        networkNamespace,
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
        storageCredentialsSecretSecurity,
        storageCredentialsConfig,
        storageCredentialsBinding,
      ],
    },
  );
  const trackingCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-tracking-credentials-job",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-tracking-credentials-job" },
        labels,
        name: "churn-platform-tracking-credentials-job-0c973c22",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "credentials" } },
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
            serviceAccountName: "churn-platform-tracking-credentials-account",
            volumes: [
              { configMap: { name: "churn-platform-tracking-credentials-config-e64a2e03" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        networkNamespace,
        trackingCredentialsSecretPassword,
        trackingCredentialsSecretUrl,
        trackingCredentialsSecretAdministrator,
        trackingCredentialsSecretWriter,
        trackingCredentialsSecretReader,
        trackingCredentialsSecretAuthentication,
        trackingCredentialsConfig,
        trackingCredentialsBinding,
      ],
    },
  );
  const observabilityCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-observability-credentials-job",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-cre-job-e8873d" },
        labels,
        name: "churn-platform-observability-cre-job-e8873d-d2039c6c",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "credentials" } },
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
            serviceAccountName: "churn-platform-observability-credentials-account",
            volumes: [
              { configMap: { name: "churn-platform-observability-config-3abb0d-0896ffd9" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        networkNamespace,
        observabilityCredentialsSecretPushgateway,
        observabilityCredentialsSecretPrometheus,
        observabilityCredentialsConfig,
        observabilityCredentialsBinding,
      ],
    },
  );
  const storageServer = new k8s.apps.v1.StatefulSet(
    "churn-platform-storage-server",
    {
      metadata: { labels, name: "churn-platform-storage-server", namespace: "churn-stack" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-storage", "cyclops.dev/role": "object-store" } },
        serviceName: "churn-platform-storage-service",
        template: {
          metadata: {
            labels: {
              "cyclops.dev/name": "churn-platform-storage",
              "cyclops.dev/role": "object-store",
              "cyclops.dev/volume": "watched",
            },
          },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: [
                  "weed",
                  "server",
                  "-dir=/data",
                  "-ip=127.0.0.1",
                  "-ip.bind=127.0.0.1",
                  "-disableHttp",
                  "-master.volumeSizeLimitMB=1024",
                  "-master.telemetry=false",
                  "-volume.max=0",
                  "-filer",
                  "-s3",
                  "-s3.ip.bind=0.0.0.0",
                  "-s3.port=8333",
                  "-s3.port.iceberg=0",
                  "-s3.port.lance=0",
                  "-s3.iam=false",
                  "-s3.config=/etc/seaweedfs/s3.json",
                ],
                env: [
                  { name: "WEED_MASTER_VOLUME_GROWTH_COPY_1", value: "1" },
                  { name: "WEED_GRPC_CA", value: "/etc/seaweedfs-security/tls.crt" },
                  { name: "WEED_GRPC_MASTER_CERT", value: "/etc/seaweedfs-security/tls.crt" },
                  { name: "WEED_GRPC_MASTER_KEY", value: "/etc/seaweedfs-security/tls.key" },
                  { name: "WEED_GRPC_VOLUME_CERT", value: "/etc/seaweedfs-security/tls.crt" },
                  { name: "WEED_GRPC_VOLUME_KEY", value: "/etc/seaweedfs-security/tls.key" },
                  { name: "WEED_GRPC_FILER_CERT", value: "/etc/seaweedfs-security/tls.crt" },
                  { name: "WEED_GRPC_FILER_KEY", value: "/etc/seaweedfs-security/tls.key" },
                  { name: "WEED_GRPC_S3_CERT", value: "/etc/seaweedfs-security/tls.crt" },
                  { name: "WEED_GRPC_S3_KEY", value: "/etc/seaweedfs-security/tls.key" },
                  { name: "WEED_GRPC_CLIENT_CERT", value: "/etc/seaweedfs-security/tls.crt" },
                  { name: "WEED_GRPC_CLIENT_KEY", value: "/etc/seaweedfs-security/tls.key" },
                  {
                    name: "WEED_JWT_SIGNING_KEY",
                    valueFrom: { secretKeyRef: { key: "jwt-signing-key", name: "churn-platform-storage-security" } },
                  },
                  {
                    name: "WEED_JWT_SIGNING_READ_KEY",
                    valueFrom: { secretKeyRef: { key: "jwt-signing-read-key", name: "churn-platform-storage-security" } },
                  },
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
                startupProbe: { failureThreshold: 120, httpGet: { path: "/healthz", port: "s3" }, periodSeconds: 1 },
                volumeMounts: [
                  { mountPath: "/data", name: "data" },
                  { mountPath: "/etc/seaweedfs", name: "config", readOnly: true },
                  { mountPath: "/etc/seaweedfs-security", name: "security", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "watch",
                  "--volume",
                  "churn-platform-storage-volume=/volumes/churn-platform-storage-volume",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "9097",
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "volume",
                ports: [{ containerPort: 9097, name: "volume" }],
                resources: { limits: { memory: "96Mi" }, requests: { cpu: "5m", memory: "32Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                volumeMounts: [
                  { mountPath: "/volumes/churn-platform-storage-volume", name: "data", readOnly: true },
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
              { name: "data", persistentVolumeClaim: { claimName: "churn-platform-storage-volume" } },
              { name: "config", secret: { defaultMode: 288, secretName: "churn-platform-storage-identities" } },
              {
                name: "security",
                secret: {
                  defaultMode: 288,
                  items: [
                    { key: "tls.crt", path: "tls.crt" },
                    { key: "tls.key", path: "tls.key" },
                  ],
                  secretName: "churn-platform-storage-security",
                },
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [networkNamespace, storageCredentialsJob, storageVolume] },
  );
  const trackingDatabase = new k8s.apps.v1.StatefulSet(
    "churn-platform-tracking-database",
    {
      metadata: { labels, name: "churn-platform-tracking-database", namespace: "churn-stack" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-tracking", "cyclops.dev/role": "database" } },
        serviceName: "churn-platform-tracking-database-service",
        template: {
          metadata: {
            labels: {
              "cyclops.dev/name": "churn-platform-tracking",
              "cyclops.dev/role": "database",
              "cyclops.dev/volume": "watched",
            },
          },
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
                  { name: "POSTGRES_INITDB_ARGS", value: "--auth-host=scram-sha-256" },
                  { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
                ],
                image: "docker.io/library/postgres:17.6",
                imagePullPolicy: "IfNotPresent",
                name: "postgres",
                ports: [{ containerPort: 5432, name: "postgres" }],
                readinessProbe: {
                  exec: { command: ["pg_isready", "--host", "127.0.0.1", "--username", "mlflow", "--dbname", "mlflow"] },
                  periodSeconds: 5,
                },
                resources: { limits: { memory: "1Gi" }, requests: { cpu: "100m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: {
                  exec: { command: ["pg_isready", "--host", "127.0.0.1", "--username", "mlflow", "--dbname", "mlflow"] },
                  failureThreshold: 120,
                  periodSeconds: 1,
                },
                volumeMounts: [
                  { mountPath: "/var/lib/postgresql/data", name: "data" },
                  { mountPath: "/var/run/postgresql", name: "run" },
                  { mountPath: "/dev/shm", name: "memory" },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "watch",
                  "--volume",
                  "churn-platform-tracking-database-volume=/volumes/churn-platform-tracking-database-volume",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "9097",
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "volume",
                ports: [{ containerPort: 9097, name: "volume" }],
                resources: { limits: { memory: "96Mi" }, requests: { cpu: "5m", memory: "32Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                volumeMounts: [
                  { mountPath: "/volumes/churn-platform-tracking-database-volume", name: "data", readOnly: true },
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
              { name: "data", persistentVolumeClaim: { claimName: "churn-platform-tracking-database-volume" } },
              { emptyDir: {}, name: "run" },
              { emptyDir: { medium: "Memory", sizeLimit: "256Mi" }, name: "memory" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [networkNamespace, trackingCredentialsJob, trackingDatabaseVolume] },
  );
  new k8s.apps.v1.StatefulSet(
    "churn-platform-observability-pushgateway",
    {
      metadata: { labels, name: "churn-platform-observability-pushgateway", namespace: "churn-stack" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-observability", "cyclops.dev/role": "pushgateway" } },
        serviceName: "churn-platform-observability-pushgateway-service",
        template: {
          metadata: {
            labels: {
              "cyclops.dev/name": "churn-platform-observability",
              "cyclops.dev/role": "pushgateway",
              "cyclops.dev/volume": "watched",
            },
          },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: [
                  "pushgateway",
                  "--web.listen-address=0.0.0.0:9091",
                  "--web.config.file=/etc/web-config/web.yml",
                  "--persistence.file=/data/metrics",
                  "--persistence.interval=1m",
                ],
                image: "docker.io/prom/pushgateway:v1.11.3",
                imagePullPolicy: "IfNotPresent",
                livenessProbe: { failureThreshold: 6, periodSeconds: 20, tcpSocket: { port: "http" }, timeoutSeconds: 5 },
                name: "pushgateway",
                ports: [{ containerPort: 9091, name: "http" }],
                readinessProbe: { periodSeconds: 5, tcpSocket: { port: "http" } },
                resources: { limits: { memory: "256Mi" }, requests: { cpu: "10m", memory: "64Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: { failureThreshold: 120, periodSeconds: 1, tcpSocket: { port: "http" } },
                volumeMounts: [
                  { mountPath: "/data", name: "data" },
                  { mountPath: "/etc/web-config", name: "web-config", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "watch",
                  "--volume",
                  "churn-platform-observability-pushgateway-volume=/volumes/churn-platform-observability-pushgateway-volume",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "9097",
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "volume",
                ports: [{ containerPort: 9097, name: "volume" }],
                resources: { limits: { memory: "96Mi" }, requests: { cpu: "5m", memory: "32Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                volumeMounts: [
                  { mountPath: "/volumes/churn-platform-observability-pushgateway-volume", name: "data", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 65534,
              runAsGroup: 65534,
              runAsNonRoot: true,
              runAsUser: 65534,
              seccompProfile: { type: "RuntimeDefault" },
            },
            volumes: [
              { name: "data", persistentVolumeClaim: { claimName: "churn-platform-observability-pushgateway-volume" } },
              {
                name: "web-config",
                secret: {
                  defaultMode: 288,
                  items: [{ key: "web.yml", path: "web.yml" }],
                  secretName: "churn-platform-observability-pushgateway-user",
                },
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob, observabilityPushgatewayVolume] },
  );
  const observabilityGrafanaAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-observability-grafana-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-observability-grafana-account", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  new k8s.core.v1.Service(
    "churn-platform-observability-grafana-service",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-service", namespace: "churn-stack" },
      spec: {
        ports: [{ name: "http", port: 3000, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-platform-observability-grafana", "cyclops.dev/role": "grafana" },
      },
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  const observabilityGrafanaConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-observability-grafana-config",
    {
      data: {
        "dashboards.yaml":
          '{\n  "apiVersion": 1,\n  "providers": [\n    {\n      "name": "cyclops",\n      "folder": "churn dev",\n      "type": "file",\n      "disableDeletion": false,\n      "allowUiUpdates": false,\n      "updateIntervalSeconds": 15,\n      "options": {\n        "path": "/var/lib/grafana-dashboards"\n      }\n    }\n  ]\n}\n',
        "datasources.yaml":
          '{\n  "apiVersion": 1,\n  "prune": true,\n  "datasources": [\n    {\n      "name": "Prometheus",\n      "uid": "cyclops-prometheus",\n      "type": "prometheus",\n      "access": "proxy",\n      "url": "http://churn-platform-observability-prometheus-service.churn-stack.svc:9090",\n      "basicAuth": true,\n      "basicAuthUser": "monitoring-client",\n      "secureJsonData": {\n        "basicAuthPassword": "$CYCLOPS_PROMETHEUS_PASSWORD"\n      },\n      "isDefault": true,\n      "editable": false,\n      "jsonData": {\n        "httpMethod": "POST",\n        "timeInterval": "15s"\n      }\n    }\n  ]\n}\n',
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-grafana-config" },
        labels,
        name: "churn-platform-observability-grafana-config-2a090f05",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  const observabilityGrafanaRole = new k8s.rbac.v1.Role(
    "churn-platform-observability-grafana-role",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-role", namespace: "churn-stack" },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }],
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  const observabilityGrafanaCredentialsAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-observability-grafana-credentials-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-observability-grafana-account-6cc87f", namespace: "churn-stack" },
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  const observabilityGrafanaCredentialsSecretAdministrator = new k8s.core.v1.Secret(
    "churn-platform-observability-grafana-credentials-secret-administrator",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-administrator", namespace: "churn-stack" },
      type: "Opaque",
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob], ignoreChanges: ["data", "stringData"] },
  );
  const observabilityGrafanaCredentialsConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-observability-grafana-credentials-config",
    {
      data: {
        "config.json": JSON.stringify({
          namespace: "churn-stack",
          secrets: [{ name: "churn-platform-observability-grafana-administrator", kind: "password" }],
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-config-0235b5" },
        labels,
        name: "churn-platform-observability-config-0235b5-d4d524fd",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  const storageBuckets = new k8s.batch.v1.Job(
    "churn-platform-storage-buckets",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-storage-buckets" },
        labels,
        name: "churn-platform-storage-buckets-a2f069f5",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "buckets" } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: ["cyclops-runtime", "buckets", "--config", "/etc/cyclops/config.json"],
                env: [
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
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
            serviceAccountName: "churn-platform-storage-account",
            volumes: [
              { configMap: { name: "churn-platform-storage-config-cf3380b0" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    { dependsOn: [networkNamespace, storageCredentialsJob, storageServer, storageConfig, storageAccount] },
  );
  const observabilityGrafanaCredentialsRole = new k8s.rbac.v1.Role(
    "churn-platform-observability-grafana-credentials-role",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-cre-role-7bcc71", namespace: "churn-stack" },
      rules: [
        {
          apiGroups: [""],
          resourceNames: ["churn-platform-observability-grafana-administrator"],
          resources: ["secrets"],
          verbs: ["get", "patch"],
        },
      ],
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob] },
  );
  const trackingServer = new k8s.apps.v1.Deployment(
    "churn-platform-tracking-server",
    {
      metadata: { labels, name: "churn-platform-tracking-server", namespace: "churn-stack" },
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
                  "s3://churn-stack-models/mlflow",
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
                      "churn-platform-tracking-service,churn-platform-tracking-service:*,churn-platform-tracking-service.churn-stack,churn-platform-tracking-service.churn-stack:*,churn-platform-tracking-service.churn-stack.svc,churn-platform-tracking-service.churn-stack.svc:*,churn-platform-tracking-service.churn-stack.svc.cluster.local,churn-platform-tracking-service.churn-stack.svc.cluster.local:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*",
                  },
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
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
                  failureThreshold: 300,
                  httpGet: { httpHeaders: [{ name: "Host", value: "localhost" }], path: "/health", port: "http" },
                  periodSeconds: 1,
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
    { dependsOn: [networkNamespace, trackingCredentialsJob, trackingDatabase, storageCredentialsJob] },
  );
  const observabilityGrafanaBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-observability-grafana-binding",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-binding", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-observability-grafana-role" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-observability-grafana-account", namespace: "churn-stack" }],
    },
    { dependsOn: [networkNamespace, observabilityCredentialsJob, observabilityGrafanaRole, observabilityGrafanaAccount] },
  );
  const trackingUsers = new k8s.batch.v1.Job(
    "churn-platform-tracking-users",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-tracking-users" },
        labels,
        name: "churn-platform-tracking-users-3c3aaf0a",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "users" } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                command: ["cyclops-runtime", "users", "--config", "/etc/cyclops/config.json"],
                env: [
                  { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
            serviceAccountName: "churn-platform-tracking-account",
            volumes: [
              { configMap: { name: "churn-platform-tracking-config-a1a0ed15" }, name: "config" },
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
    { dependsOn: [networkNamespace, trackingServer, trackingConfig, trackingAccount] },
  );
  const observabilityGrafanaCredentialsBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-observability-grafana-credentials-binding",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-binding-c661f1", namespace: "churn-stack" },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Role",
        name: "churn-platform-observability-grafana-cre-role-7bcc71",
      },
      subjects: [
        { kind: "ServiceAccount", name: "churn-platform-observability-grafana-account-6cc87f", namespace: "churn-stack" },
      ],
    },
    {
      dependsOn: [
        networkNamespace,
        observabilityCredentialsJob,
        observabilityGrafanaCredentialsRole,
        observabilityGrafanaCredentialsAccount,
      ],
    },
  );
  const observabilityGrafanaCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-observability-grafana-credentials-job",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-observability-gra-job-bde57b" },
        labels,
        name: "churn-platform-observability-gra-job-bde57b-e5854191",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "credentials" } },
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
            serviceAccountName: "churn-platform-observability-grafana-account-6cc87f",
            volumes: [
              { configMap: { name: "churn-platform-observability-config-0235b5-d4d524fd" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        networkNamespace,
        observabilityCredentialsJob,
        observabilityGrafanaCredentialsSecretAdministrator,
        observabilityGrafanaCredentialsConfig,
        observabilityGrafanaCredentialsBinding,
      ],
    },
  );
  const workbenchAccountAna8e43c = new k8s.core.v1.ServiceAccount(
    "churn-platform-workbench-account-ana-8e43c",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-workbench-account-ana-8e43c", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const workbenchHomeAna8e43c = new k8s.core.v1.PersistentVolumeClaim(
    "churn-platform-workbench-home-ana-8e43c",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-platform-workbench-home-ana-8e43c",
        namespace: "churn-stack",
      },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart], retainOnDelete: true },
  );
  new k8s.core.v1.Service(
    "churn-platform-workbench-service-ana-8e43c",
    {
      metadata: { labels, name: "churn-platform-workbench-service-ana-8e43c", namespace: "churn-stack" },
      spec: {
        ports: [{ name: "http", port: 8888, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-platform-workbench-ana-8e43c", "cyclops.dev/role": "workbench" },
      },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const workbenchRoleAna8e43c = new k8s.rbac.v1.Role(
    "churn-platform-workbench-role-ana-8e43c",
    {
      metadata: { labels, name: "churn-platform-workbench-role-ana-8e43c", namespace: "churn-stack" },
      rules: [
        {
          apiGroups: ["apps"],
          resourceNames: ["churn-platform-workbench-server-ana-8e43c"],
          resources: ["statefulsets/scale"],
          verbs: ["get", "patch"],
        },
      ],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountIngest = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-ingest",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-ingest", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountCurate = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-curate",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-curate", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountPreprocess = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-preprocess",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-preprocess", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountTrain = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-train",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-train", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountEvaluate = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-evaluate",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-evaluate", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountGate = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-gate",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-gate", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountRegister = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-register",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-register", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountDeploy = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-deploy",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-deploy", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountBatch = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-batch",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-batch", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountMonitor = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-monitor",
    {
      automountServiceAccountToken: true,
      metadata: { labels, name: "churn-model-churn-identity-account-monitor", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityAccountScorer = new k8s.core.v1.ServiceAccount(
    "churn-model-churn-identity-account-scorer",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-model-churn-identity-account-scorer", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const workbenchCredentialsAccount = new k8s.core.v1.ServiceAccount(
    "churn-platform-workbench-credentials-account",
    {
      automountServiceAccountToken: false,
      metadata: { labels, name: "churn-platform-workbench-credentials-account", namespace: "churn-stack" },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const workbenchCredentialsSecretAna8e43c = new k8s.core.v1.Secret(
    "churn-platform-workbench-credentials-secret-ana-8e43c",
    { metadata: { labels, name: "churn-platform-workbench-token-ana-8e43c", namespace: "churn-stack" }, type: "Opaque" },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart], ignoreChanges: ["data", "stringData"] },
  );
  const workbenchCredentialsConfig = new k8s.core.v1.ConfigMap(
    "churn-platform-workbench-credentials-config",
    {
      data: {
        "config.json": JSON.stringify({
          namespace: "churn-stack",
          secrets: [{ name: "churn-platform-workbench-token-ana-8e43c", kind: "token" }],
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-workbench-credentials-config" },
        labels,
        name: "churn-platform-workbench-credentials-config-6fde10b8",
        namespace: "churn-stack",
      },
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  new k8s.apps.v1.StatefulSet(
    "churn-platform-observability-prometheus",
    {
      metadata: { labels, name: "churn-platform-observability-prometheus", namespace: "churn-stack" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-observability", "cyclops.dev/role": "prometheus" } },
        serviceName: "churn-platform-observability-prometheus-service",
        template: {
          metadata: { labels: { "cyclops.dev/name": "churn-platform-observability", "cyclops.dev/role": "prometheus" } },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                command: [
                  "prometheus",
                  "--config.file=/etc/prometheus-config/prometheus.yml",
                  "--storage.tsdb.path=/prometheus/data",
                  "--storage.tsdb.retention.time=30d",
                  "--storage.tsdb.retention.size=16384MB",
                  "--web.listen-address=0.0.0.0:9090",
                  "--web.external-url=http://churn-platform-observability-prometheus-service.churn-stack.svc:9090",
                  "--web.config.file=/etc/web-config/web.yml",
                  "--web.enable-lifecycle",
                ],
                image: "docker.io/prom/prometheus:v3.13.3",
                imagePullPolicy: "IfNotPresent",
                livenessProbe: { failureThreshold: 6, periodSeconds: 20, tcpSocket: { port: "http" }, timeoutSeconds: 10 },
                name: "prometheus",
                ports: [{ containerPort: 9090, name: "http" }],
                readinessProbe: { periodSeconds: 5, tcpSocket: { port: "http" } },
                resources: { limits: { memory: "2Gi" }, requests: { cpu: "100m", memory: "512Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: { failureThreshold: 600, periodSeconds: 1, tcpSocket: { port: "http" } },
                volumeMounts: [
                  { mountPath: "/prometheus", name: "data" },
                  { mountPath: "/etc/prometheus-config", name: "config", readOnly: true },
                  { mountPath: "/etc/prometheus-rules", name: "rules", readOnly: true },
                  { mountPath: "/etc/web-config", name: "web-config", readOnly: true },
                  { mountPath: "/etc/prometheus-passwords/prometheus", name: "password-prometheus", readOnly: true },
                  { mountPath: "/etc/prometheus-passwords/pushgateway", name: "password-pushgateway", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "rules",
                  "--namespace",
                  "churn-stack",
                  "--label",
                  "cyclops.dev/prometheus-rules=true",
                  "--directory",
                  "/etc/prometheus-rules",
                  "--port",
                  "9095",
                  "--interval",
                  "15",
                  "--reload",
                  "http://localhost:9090/-/reload",
                  "--reload-secret",
                  "server",
                ],
                env: [{ name: "CYCLOPS_SECRETS_DIR", value: "/etc/cyclops-secrets" }],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "rules",
                ports: [{ containerPort: 9095, name: "rules" }],
                readinessProbe: { failureThreshold: 4, httpGet: { path: "/metrics", port: "rules" }, periodSeconds: 15 },
                resources: { limits: { memory: "192Mi" }, requests: { cpu: "10m", memory: "64Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                startupProbe: { failureThreshold: 600, httpGet: { path: "/metrics", port: "rules" }, periodSeconds: 1 },
                volumeMounts: [
                  { mountPath: "/etc/prometheus-rules", name: "rules" },
                  { mountPath: "/etc/cyclops-secrets/server", name: "password-prometheus", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "watch",
                  "--namespace",
                  "churn-stack",
                  "--server",
                  "object-store=http://churn-platform-storage-service.churn-stack.svc:8333",
                  "--server",
                  "tracking=http://churn-platform-tracking-service.churn-stack.svc:5000/health",
                  "--server",
                  "database=postgresql://churn-platform-tracking-database-service.churn-stack.svc:5432",
                  "--volume",
                  "churn-platform-observability-prometheus-volume=/volumes/churn-platform-observability-prometheus-volume",
                  "--host",
                  "127.0.0.1",
                  "--port",
                  "9096",
                  "--looked",
                  "/tmp/looked",
                  "--interval",
                  "15",
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "watch",
                readinessProbe: { exec: { command: ["test", "-e", "/tmp/looked"] }, failureThreshold: 4, periodSeconds: 15 },
                resources: { limits: { memory: "192Mi" }, requests: { cpu: "10m", memory: "64Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                startupProbe: { exec: { command: ["test", "-e", "/tmp/looked"] }, failureThreshold: 600, periodSeconds: 1 },
                volumeMounts: [
                  { mountPath: "/volumes/churn-platform-observability-prometheus-volume", name: "data", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 65534,
              runAsGroup: 65534,
              runAsNonRoot: true,
              runAsUser: 65534,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: "churn-platform-observability-prometheus-account",
            terminationGracePeriodSeconds: 120,
            volumes: [
              { name: "data", persistentVolumeClaim: { claimName: "churn-platform-observability-prometheus-volume" } },
              { configMap: { name: "churn-platform-observability-config-960364-5038f283" }, name: "config" },
              { emptyDir: { sizeLimit: "64Mi" }, name: "rules" },
              {
                name: "web-config",
                secret: {
                  defaultMode: 288,
                  items: [{ key: "web.yml", path: "web.yml" }],
                  secretName: "churn-platform-observability-prometheus-user",
                },
              },
              {
                name: "password-prometheus",
                secret: {
                  defaultMode: 288,
                  items: [
                    { key: "username", path: "username" },
                    { key: "password", path: "password" },
                  ],
                  secretName: "churn-platform-observability-prometheus-user",
                },
              },
              {
                name: "password-pushgateway",
                secret: {
                  defaultMode: 288,
                  items: [
                    { key: "username", path: "username" },
                    { key: "password", path: "password" },
                  ],
                  secretName: "churn-platform-observability-pushgateway-user",
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
        networkNamespace,
        observabilityCredentialsJob,
        observabilityPrometheusBinding,
        observabilityPrometheusConfig,
        observabilityPrometheusVolume,
      ],
    },
  );
  new k8s.apps.v1.Deployment(
    "churn-platform-observability-grafana-server",
    {
      metadata: { labels, name: "churn-platform-observability-grafana-server", namespace: "churn-stack" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-observability-grafana", "cyclops.dev/role": "grafana" } },
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels: { "cyclops.dev/name": "churn-platform-observability-grafana", "cyclops.dev/role": "grafana" } },
          spec: {
            automountServiceAccountToken: true,
            containers: [
              {
                env: [
                  {
                    name: "GF_SECURITY_ADMIN_PASSWORD",
                    valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-observability-grafana-administrator" } },
                  },
                  {
                    name: "CYCLOPS_PROMETHEUS_PASSWORD",
                    valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-observability-prometheus-user" } },
                  },
                  {
                    name: "GF_SERVER_ROOT_URL",
                    value: "http://churn-platform-observability-grafana-service.churn-stack.svc:3000",
                  },
                  { name: "GF_LOG_MODE", value: "console" },
                  { name: "GF_USERS_ALLOW_SIGN_UP", value: "false" },
                  { name: "GF_ANALYTICS_REPORTING_ENABLED", value: "false" },
                  { name: "GF_ANALYTICS_CHECK_FOR_UPDATES", value: "false" },
                  { name: "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", value: "false" },
                  { name: "GF_PLUGINS_PREINSTALL_DISABLED", value: "true" },
                  { name: "GF_SECURITY_DISABLE_GRAVATAR", value: "true" },
                  { name: "GF_NEWS_NEWS_FEED_ENABLED", value: "false" },
                ],
                image: "docker.io/grafana/grafana:12.3.1",
                imagePullPolicy: "IfNotPresent",
                livenessProbe: {
                  failureThreshold: 6,
                  httpGet: { path: "/api/health", port: "http" },
                  periodSeconds: 20,
                  timeoutSeconds: 10,
                },
                name: "grafana",
                ports: [{ containerPort: 3000, name: "http" }],
                readinessProbe: { httpGet: { path: "/api/health", port: "http" }, periodSeconds: 5, timeoutSeconds: 5 },
                resources: { limits: { memory: "512Mi" }, requests: { cpu: "50m", memory: "256Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
                startupProbe: {
                  failureThreshold: 300,
                  httpGet: { path: "/api/health", port: "http" },
                  periodSeconds: 1,
                  timeoutSeconds: 5,
                },
                volumeMounts: [
                  { mountPath: "/var/lib/grafana", name: "data" },
                  { mountPath: "/etc/grafana/provisioning", name: "provisioning", readOnly: true },
                  { mountPath: "/var/lib/grafana-dashboards", name: "dashboards", readOnly: true },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "rules",
                  "--namespace",
                  "churn-stack",
                  "--label",
                  "grafana_dashboard=1",
                  "--directory",
                  "/var/lib/grafana-dashboards",
                  "--port",
                  "9095",
                ],
                image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "rules",
                ports: [{ containerPort: 9095, name: "rules" }],
                readinessProbe: { failureThreshold: 4, httpGet: { path: "/metrics", port: "rules" }, periodSeconds: 15 },
                resources: { limits: { memory: "192Mi" }, requests: { cpu: "10m", memory: "64Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                startupProbe: { failureThreshold: 600, httpGet: { path: "/metrics", port: "rules" }, periodSeconds: 1 },
                volumeMounts: [
                  { mountPath: "/var/lib/grafana-dashboards", name: "dashboards" },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
            ],
            enableServiceLinks: false,
            imagePullSecrets: [],
            securityContext: {
              fsGroup: 472,
              runAsGroup: 472,
              runAsNonRoot: true,
              runAsUser: 472,
              seccompProfile: { type: "RuntimeDefault" },
            },
            serviceAccountName: "churn-platform-observability-grafana-account",
            volumes: [
              { emptyDir: { sizeLimit: "1Gi" }, name: "data" },
              { emptyDir: { sizeLimit: "64Mi" }, name: "dashboards" },
              {
                configMap: {
                  items: [
                    { key: "datasources.yaml", path: "datasources/cyclops.yaml" },
                    { key: "dashboards.yaml", path: "dashboards/cyclops.yaml" },
                  ],
                  name: "churn-platform-observability-grafana-config-2a090f05",
                },
                name: "provisioning",
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        networkNamespace,
        observabilityCredentialsJob,
        observabilityGrafanaCredentialsJob,
        observabilityGrafanaBinding,
        observabilityGrafanaConfig,
      ],
    },
  );
  const modelChurnIdentityRoleIngest = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-ingest",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-ingest", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleCurate = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-curate",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-curate", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRolePreprocess = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-preprocess",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-preprocess", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleTrain = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-train",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-train", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleEvaluate = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-evaluate",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-evaluate", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleGate = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-gate",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-gate", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleRegister = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-register",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-register", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleDeploy = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-deploy",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-deploy", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleBatch = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-batch",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-batch", namespace: "churn-stack" },
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const modelChurnIdentityRoleMonitor = new k8s.rbac.v1.Role(
    "churn-model-churn-identity-role-monitor",
    {
      metadata: { labels, name: "churn-model-churn-identity-role-monitor", namespace: "churn-stack" },
      rules: [
        { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
        { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["create", "get", "list"] },
      ],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const workbenchCredentialsRole = new k8s.rbac.v1.Role(
    "churn-platform-workbench-credentials-role",
    {
      metadata: { labels, name: "churn-platform-workbench-credentials-role", namespace: "churn-stack" },
      rules: [
        {
          apiGroups: [""],
          resourceNames: ["churn-platform-workbench-token-ana-8e43c"],
          resources: ["secrets"],
          verbs: ["get", "patch"],
        },
      ],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart] },
  );
  const workbenchBindingAna8e43c = new k8s.rbac.v1.RoleBinding(
    "churn-platform-workbench-binding-ana-8e43c",
    {
      metadata: { labels, name: "churn-platform-workbench-binding-ana-8e43c", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-workbench-role-ana-8e43c" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-workbench-account-ana-8e43c", namespace: "churn-stack" }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart, workbenchRoleAna8e43c, workbenchAccountAna8e43c] },
  );
  const modelChurnIdentityBindingIngest = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-ingest",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-ingest", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-ingest" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-ingest", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRoleIngest,
        modelChurnIdentityAccountIngest,
      ],
    },
  );
  const modelChurnIdentityBindingCurate = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-curate",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-curate", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-curate" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-curate", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRoleCurate,
        modelChurnIdentityAccountCurate,
      ],
    },
  );
  const modelChurnIdentityBindingPreprocess = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-preprocess",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-preprocess", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-preprocess" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-preprocess", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRolePreprocess,
        modelChurnIdentityAccountPreprocess,
      ],
    },
  );
  const modelChurnIdentityBindingTrain = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-train",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-train", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-train" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-train", namespace: "churn-stack" }],
    },
    {
      dependsOn: [storageBuckets, trackingUsers, orchestrationChart, modelChurnIdentityRoleTrain, modelChurnIdentityAccountTrain],
    },
  );
  const modelChurnIdentityBindingEvaluate = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-evaluate",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-evaluate", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-evaluate" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-evaluate", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRoleEvaluate,
        modelChurnIdentityAccountEvaluate,
      ],
    },
  );
  const modelChurnIdentityBindingGate = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-gate",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-gate", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-gate" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-gate", namespace: "churn-stack" }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart, modelChurnIdentityRoleGate, modelChurnIdentityAccountGate] },
  );
  const modelChurnIdentityBindingRegister = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-register",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-register", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-register" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-register", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRoleRegister,
        modelChurnIdentityAccountRegister,
      ],
    },
  );
  const modelChurnIdentityBindingDeploy = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-deploy",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-deploy", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-deploy" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-deploy", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRoleDeploy,
        modelChurnIdentityAccountDeploy,
      ],
    },
  );
  const modelChurnIdentityBindingBatch = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-batch",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-batch", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-batch" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-batch", namespace: "churn-stack" }],
    },
    {
      dependsOn: [storageBuckets, trackingUsers, orchestrationChart, modelChurnIdentityRoleBatch, modelChurnIdentityAccountBatch],
    },
  );
  const modelChurnIdentityBindingMonitor = new k8s.rbac.v1.RoleBinding(
    "churn-model-churn-identity-binding-monitor",
    {
      metadata: { labels, name: "churn-model-churn-identity-binding-monitor", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-model-churn-identity-role-monitor" },
      subjects: [{ kind: "ServiceAccount", name: "churn-model-churn-identity-account-monitor", namespace: "churn-stack" }],
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        modelChurnIdentityRoleMonitor,
        modelChurnIdentityAccountMonitor,
      ],
    },
  );
  const workbenchCredentialsBinding = new k8s.rbac.v1.RoleBinding(
    "churn-platform-workbench-credentials-binding",
    {
      metadata: { labels, name: "churn-platform-workbench-credentials-binding", namespace: "churn-stack" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "churn-platform-workbench-credentials-role" },
      subjects: [{ kind: "ServiceAccount", name: "churn-platform-workbench-credentials-account", namespace: "churn-stack" }],
    },
    { dependsOn: [storageBuckets, trackingUsers, orchestrationChart, workbenchCredentialsRole, workbenchCredentialsAccount] },
  );
  const workbenchCredentialsJob = new k8s.batch.v1.Job(
    "churn-platform-workbench-credentials-job",
    {
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-platform-workbench-credentials-job" },
        labels,
        name: "churn-platform-workbench-credentials-job-1ecb8f31",
        namespace: "churn-stack",
      },
      spec: {
        activeDeadlineSeconds: 600,
        backoffLimit: 6,
        template: {
          metadata: { labels: { "cyclops.dev/role": "credentials" } },
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
            serviceAccountName: "churn-platform-workbench-credentials-account",
            volumes: [
              { configMap: { name: "churn-platform-workbench-credentials-config-6fde10b8" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        workbenchCredentialsSecretAna8e43c,
        workbenchCredentialsConfig,
        workbenchCredentialsBinding,
      ],
    },
  );
  const afterModelChurnIdentityAccountScorer = [
    storageBuckets,
    trackingUsers,
    orchestrationChart,
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
  new k8s.core.v1.Service(
    "churn-model-churn-endpoint-service",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-service", namespace: "churn-stack" },
      spec: {
        ports: [{ name: "http", port: 8080, targetPort: "http" }],
        selector: { "cyclops.dev/name": "churn-model-churn-endpoint", "cyclops.dev/role": "scorer", "cyclops.dev/scorer": "all" },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.core.v1.Service(
    "churn-model-churn-endpoint-pods",
    {
      metadata: {
        annotations: { "pulumi.com/skipAwait": "true" },
        labels,
        name: "churn-model-churn-endpoint-pods",
        namespace: "churn-stack",
      },
      spec: {
        clusterIP: "None",
        ports: [{ name: "http", port: 8080, targetPort: "http" }],
        publishNotReadyAddresses: false,
        selector: { "cyclops.dev/name": "churn-model-churn-endpoint", "cyclops.dev/role": "scorer", "cyclops.dev/scorer": "all" },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
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
          zones: {
            raw: "s3://churn-stack-raw",
            curated: "s3://churn-stack-curated",
            features: "s3://churn-stack-features",
            models: "s3://churn-stack-models",
            predictions: "s3://churn-stack-predictions",
          },
          target: "onprem",
          registry: { experiment: "churn-stack/churn", model: "churn-stack-churn" },
          capture: { percent: 100, columns: ["customerID"] },
          monitored: true,
        }),
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-model-churn-endpoint-config" },
        labels,
        name: "churn-model-churn-endpoint-config-3459cecd",
        namespace: "churn-stack",
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  const cyclopsDevModelDocument = JSON.stringify({
    formatVersion: 1,
    stack: "churn",
    environment: "dev",
    model: "churn",
    zones: {
      raw: "s3://churn-stack-raw",
      curated: "s3://churn-stack-curated",
      features: "s3://churn-stack-features",
      models: "s3://churn-stack-models",
      predictions: "s3://churn-stack-predictions",
    },
    target: "onprem",
    registry: { experiment: "churn-stack/churn", model: "churn-stack-churn" },
    capture: { percent: 100, columns: ["customerID"] },
    monitored: true,
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
        retrainOn: ["drift"],
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
        instances: 1,
        valuePerPrediction: 0.02,
        costPerHour: 0.05,
        segments: ["gender"],
        thresholds: { latency_p95: { warn: 250, critical: 500 } },
      },
    },
    serving: {
      url: "http://churn-model-churn-endpoint-service.churn-stack.svc:8080",
      pods: "churn-model-churn-endpoint-pods.churn-stack.svc:8080",
      gateway: null,
    },
    orchestration: null,
  });
  const modelChurnBatchTemplate = new k8s.apiextensions.CustomResource(
    "churn-model-churn-batch-template",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { labels, name: "churn-model-churn-batch-template", namespace: "churn-stack" },
      spec: {
        entrypoint: "main",
        imagePullSecrets: [],
        podGC: { deleteDelayDuration: "600s", strategy: "OnPodSuccess" },
        podMetadata: {
          annotations: { "cyclops.dev/model-document": cyclopsDevModelDocument },
          labels: { "cyclops.dev/role": "step" },
        },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-batch" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-batch" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "batch", "cyclops.dev/role": "step" } },
            name: "batch",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-batch",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        ],
        ttlStrategy: { secondsAfterCompletion: 604800 },
        workflowMetadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": "batch" } },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.core.v1.ConfigMap(
    "churn-model-churn-monitoring-dashboard",
    {
      data: {
        "churn-stack-churn.json":
          '{\n  "uid": "cyclops-08960c9664dc9e6c",\n  "title": "churn (churn/stack)",\n  "description": "The fifteen KPIs of the model churn, and what alerts.",\n  "tags": [\n    "cyclops",\n    "churn",\n    "dev",\n    "stack"\n  ],\n  "timezone": "browser",\n  "editable": true,\n  "graphTooltip": 1,\n  "time": {\n    "from": "now-7d",\n    "to": "now"\n  },\n  "refresh": "1m",\n  "schemaVersion": 42,\n  "templating": {\n    "list": [\n      {\n        "type": "datasource",\n        "name": "datasource",\n        "label": "Data source",\n        "query": "prometheus",\n        "hide": 0,\n        "multi": false,\n        "refresh": 1\n      }\n    ]\n  },\n  "annotations": {\n    "list": [\n      {\n        "name": "Versions",\n        "datasource": {\n          "type": "prometheus",\n          "uid": "${datasource}"\n        },\n        "enable": true,\n        "iconColor": "purple",\n        "expr": "max by (version) (cyclops_model_info{model=\\"churn\\",role=\\"champion\\"}) unless max by (version) (cyclops_model_info{model=\\"churn\\",role=\\"champion\\"} offset 15m)",\n        "step": "60s",\n        "titleFormat": "version {{version}}",\n        "tagKeys": "version"\n      }\n    ]\n  },\n  "links": [],\n  "panels": [\n    {\n      "type": "table",\n      "title": "Alerts",\n      "description": "Alerts of this model that fire (firing) or will if it goes on (pending). Empty: none.",\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (alertname, severity, kpi, alertstate) (ALERTS{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"})",\n          "instant": true,\n          "range": false,\n          "format": "table"\n        }\n      ],\n      "options": {\n        "frameIndex": 0,\n        "showHeader": true,\n        "sortBy": [\n          {\n            "displayName": "severity",\n            "desc": false\n          }\n        ]\n      },\n      "transformations": [\n        {\n          "id": "organize",\n          "options": {\n            "excludeByName": {\n              "Time": true,\n              "Value": true\n            }\n          }\n        }\n      ],\n      "fieldConfig": {\n        "defaults": {\n          "custom": {\n            "align": "auto",\n            "cellOptions": {\n              "type": "auto"\n            }\n          },\n          "noValue": "none"\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byName",\n              "options": "severity"\n            },\n            "properties": [\n              {\n                "id": "custom.cellOptions",\n                "value": {\n                  "type": "color-background"\n                }\n              },\n              {\n                "id": "mappings",\n                "value": [\n                  {\n                    "type": "value",\n                    "options": {\n                      "warn": {\n                        "color": "orange",\n                        "index": 0\n                      }\n                    }\n                  },\n                  {\n                    "type": "value",\n                    "options": {\n                      "critical": {\n                        "color": "red",\n                        "index": 0\n                      }\n                    }\n                  }\n                ]\n              }\n            ]\n          }\n        ]\n      },\n      "id": 1,\n      "gridPos": {\n        "x": 0,\n        "y": 0,\n        "w": 12,\n        "h": 7\n      }\n    },\n    {\n      "type": "stat",\n      "title": "Last report",\n      "description": "Time since the monitor last reported. KPIs that are not live are those of then.",\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "time() - max by (model) (push_time_seconds{job=\\"cyclops-monitor\\",stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "s",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 7200,\n                "color": "orange"\n              },\n              {\n                "value": 14400,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 2,\n      "gridPos": {\n        "x": 12,\n        "y": 0,\n        "w": 4,\n        "h": 7\n      }\n    },\n    {\n      "type": "stat",\n      "title": "Version",\n      "description": "The champion: the version of the model that answers. Changes are marked in every panel.",\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (cyclops_model_info{model=\\"churn\\",role=\\"champion\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "{{version}}"\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "none",\n        "justifyMode": "center",\n        "textMode": "name",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "blue"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 3,\n      "gridPos": {\n        "x": 16,\n        "y": 0,\n        "w": 4,\n        "h": 7\n      }\n    },\n    {\n      "type": "stat",\n      "title": "Scorers",\n      "description": "Scorers that answer Prometheus.",\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "count(cyclops_inflight_requests{model=\\"churn\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "none",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "blue"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 4,\n      "gridPos": {\n        "x": 20,\n        "y": 0,\n        "w": 4,\n        "h": 7\n      }\n    },\n    {\n      "type": "row",\n      "id": 5,\n      "title": "Quality",\n      "collapsed": false,\n      "panels": [],\n      "gridPos": {\n        "x": 0,\n        "y": 7,\n        "w": 24,\n        "h": 1\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "model_quality, score: The gate\'s metric on matured labels, else on held-out rows. Alerts beyond the gate\'s bound. Formula: the metric of training.gate. Alerts: warn < 0.8, critical < 0.8 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#model_quality",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#model_quality",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Model quality",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"model_quality\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "red"\n              },\n              {\n                "value": 0.8,\n                "color": "green"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 6,\n      "gridPos": {\n        "x": 0,\n        "y": 8,\n        "w": 12,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "quality_degradation, ratio: How much worse the champion does on live labels than on held-out rows. Formula: (held-out metric - live metric) / held-out metric. Alerts: warn >= 0.05, critical >= 0.1 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#quality_degradation",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#quality_degradation",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Quality degradation",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"quality_degradation\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.05,\n                "color": "orange"\n              },\n              {\n                "value": 0.1,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 7,\n      "gridPos": {\n        "x": 12,\n        "y": 8,\n        "w": 12,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "model_quality, score: The gate\'s metric on matured labels, else on held-out rows. Alerts beyond the gate\'s bound. Formula: the metric of training.gate. Alerts: warn < 0.8, critical < 0.8 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#model_quality",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#model_quality",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Model quality over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"model_quality\\"})",\n          "legendFormat": "version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "red"\n              },\n              {\n                "value": 0.8,\n                "color": "green"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 8,\n      "gridPos": {\n        "x": 0,\n        "y": 11,\n        "w": 12,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "quality_degradation, ratio: How much worse the champion does on live labels than on held-out rows. Formula: (held-out metric - live metric) / held-out metric. Alerts: warn >= 0.05, critical >= 0.1 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#quality_degradation",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#quality_degradation",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Quality degradation over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"quality_degradation\\"})",\n          "legendFormat": "version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.05,\n                "color": "orange"\n              },\n              {\n                "value": 0.1,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 9,\n      "gridPos": {\n        "x": 12,\n        "y": 11,\n        "w": 12,\n        "h": 7\n      }\n    },\n    {\n      "type": "row",\n      "id": 10,\n      "title": "Data",\n      "collapsed": false,\n      "panels": [],\n      "gridPos": {\n        "x": 0,\n        "y": 18,\n        "w": 24,\n        "h": 1\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "missing_rate, ratio: Greatest rise of a feature\'s share of missing values over the reference. Formula: max over features (missing / rows - reference\'s share). Alerts: warn >= 0.01, critical >= 0.05 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#missing_rate",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#missing_rate",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Missing values",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "beyond chance"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "value"\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value_and_name",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.01,\n                "color": "orange"\n              },\n              {\n                "value": 0.05,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byFrameRefID",\n              "options": "B"\n            },\n            "properties": [\n              {\n                "id": "color",\n                "value": {\n                  "mode": "fixed",\n                  "fixedColor": "blue"\n                }\n              }\n            ]\n          }\n        ]\n      },\n      "id": 11,\n      "gridPos": {\n        "x": 0,\n        "y": 19,\n        "w": 8,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "constraint_violation_rate, ratio: Share of rows that break a type, range or set constraint. Formula: violating rows / rows. Alerts: warn >= 0.01, critical >= 0.05 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#constraint_violation_rate",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#constraint_violation_rate",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Constraint violations",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"constraint_violation_rate\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.01,\n                "color": "orange"\n              },\n              {\n                "value": 0.05,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 12,\n      "gridPos": {\n        "x": 8,\n        "y": 19,\n        "w": 8,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "data_freshness, s: Age of the newest raw file. Alerts after one and two training intervals. Formula: now - time of the newest raw file. Alerts: warn >= 604800, critical >= 1209600. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#data_freshness",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#data_freshness",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Data freshness",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"data_freshness\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "s",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 604800,\n                "color": "orange"\n              },\n              {\n                "value": 1209600,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 13,\n      "gridPos": {\n        "x": 16,\n        "y": 19,\n        "w": 8,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "missing_rate, ratio: Greatest rise of a feature\'s share of missing values over the reference. Formula: max over features (missing / rows - reference\'s share). Alerts: warn >= 0.01, critical >= 0.05 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#missing_rate",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#missing_rate",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Missing values over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"})",\n          "legendFormat": "version {{version}}"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"})",\n          "legendFormat": "version {{version}}, beyond chance"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.01,\n                "color": "orange"\n              },\n              {\n                "value": 0.05,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 14,\n      "gridPos": {\n        "x": 0,\n        "y": 22,\n        "w": 8,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "constraint_violation_rate, ratio: Share of rows that break a type, range or set constraint. Formula: violating rows / rows. Alerts: warn >= 0.01, critical >= 0.05 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#constraint_violation_rate",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#constraint_violation_rate",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Constraint violations over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"constraint_violation_rate\\"})",\n          "legendFormat": "version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.01,\n                "color": "orange"\n              },\n              {\n                "value": 0.05,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 15,\n      "gridPos": {\n        "x": 8,\n        "y": 22,\n        "w": 8,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "data_freshness, s: Age of the newest raw file. Alerts after one and two training intervals. Formula: now - time of the newest raw file. Alerts: warn >= 604800, critical >= 1209600. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#data_freshness",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#data_freshness",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Data freshness over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"data_freshness\\"})",\n          "legendFormat": "version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "s",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 604800,\n                "color": "orange"\n              },\n              {\n                "value": 1209600,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 16,\n      "gridPos": {\n        "x": 16,\n        "y": 22,\n        "w": 8,\n        "h": 7\n      }\n    },\n    {\n      "type": "row",\n      "id": 17,\n      "title": "Drift",\n      "collapsed": false,\n      "panels": [],\n      "gridPos": {\n        "x": 0,\n        "y": 29,\n        "w": 24,\n        "h": 1\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "drifted_feature_share, ratio: Share of features with PSI above 0.1. Critical at Evidently\'s preset default of one half. Formula: features with PSI > 0.1 / features. Alerts: warn >= 0.3, critical >= 0.5 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#drifted_feature_share",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#drifted_feature_share",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Drifted features",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "beyond chance"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "value"\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value_and_name",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.3,\n                "color": "orange"\n              },\n              {\n                "value": 0.5,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byFrameRefID",\n              "options": "B"\n            },\n            "properties": [\n              {\n                "id": "color",\n                "value": {\n                  "mode": "fixed",\n                  "fixedColor": "blue"\n                }\n              }\n            ]\n          }\n        ]\n      },\n      "id": 18,\n      "gridPos": {\n        "x": 0,\n        "y": 30,\n        "w": 8,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "feature_psi_max, PSI: Greatest population stability index of a feature, over ten quantile bins of the reference. Formula: max over features sum((a - e) * ln(a / e)). Alerts: warn >= 0.1, critical >= 0.25 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#feature_psi_max",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#feature_psi_max",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Greatest feature drift",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "beyond chance"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "value"\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value_and_name",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.25,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byFrameRefID",\n              "options": "B"\n            },\n            "properties": [\n              {\n                "id": "color",\n                "value": {\n                  "mode": "fixed",\n                  "fixedColor": "blue"\n                }\n              }\n            ]\n          }\n        ]\n      },\n      "id": 19,\n      "gridPos": {\n        "x": 8,\n        "y": 30,\n        "w": 8,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "prediction_drift, JSD: Jensen-Shannon distance, base 2, of the predictions to the reference\'s. Formula: sqrt((KL(p || m) + KL(q || m)) / 2), m = (p + q) / 2. Alerts: warn >= 0.1, critical >= 0.2 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#prediction_drift",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#prediction_drift",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Prediction drift",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "beyond chance"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "value"\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value_and_name",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.2,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byFrameRefID",\n              "options": "B"\n            },\n            "properties": [\n              {\n                "id": "color",\n                "value": {\n                  "mode": "fixed",\n                  "fixedColor": "blue"\n                }\n              }\n            ]\n          }\n        ]\n      },\n      "id": 20,\n      "gridPos": {\n        "x": 16,\n        "y": 30,\n        "w": 8,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "drifted_feature_share, ratio: Share of features with PSI above 0.1. Critical at Evidently\'s preset default of one half. Formula: features with PSI > 0.1 / features. Alerts: warn >= 0.3, critical >= 0.5 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#drifted_feature_share",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#drifted_feature_share",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Drifted features over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"})",\n          "legendFormat": "version {{version}}"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"})",\n          "legendFormat": "version {{version}}, beyond chance"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.3,\n                "color": "orange"\n              },\n              {\n                "value": 0.5,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 21,\n      "gridPos": {\n        "x": 0,\n        "y": 33,\n        "w": 8,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "feature_psi_max, PSI: Greatest population stability index of a feature, over ten quantile bins of the reference. Formula: max over features sum((a - e) * ln(a / e)). Alerts: warn >= 0.1, critical >= 0.25 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#feature_psi_max",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#feature_psi_max",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Greatest feature drift over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"})",\n          "legendFormat": "version {{version}}"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"})",\n          "legendFormat": "version {{version}}, beyond chance"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.25,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 22,\n      "gridPos": {\n        "x": 8,\n        "y": 33,\n        "w": 8,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "prediction_drift, JSD: Jensen-Shannon distance, base 2, of the predictions to the reference\'s. Formula: sqrt((KL(p || m) + KL(q || m)) / 2), m = (p + q) / 2. Alerts: warn >= 0.1, critical >= 0.2 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#prediction_drift",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#prediction_drift",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Prediction drift over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"})",\n          "legendFormat": "version {{version}}"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"})",\n          "legendFormat": "version {{version}}, beyond chance"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.2,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 23,\n      "gridPos": {\n        "x": 16,\n        "y": 33,\n        "w": 8,\n        "h": 7\n      }\n    },\n    {\n      "type": "bargauge",\n      "title": "Features by drift",\n      "description": "PSI of the ten features that differ most from training: where to look first when drift alerts. Blue: within what chance gives.",\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "sort_desc(topk(10, max by (feature) (mlops_feature_psi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"})) and on (feature) max by (feature) (mlops_feature_psi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"}) > 0)",\n          "instant": true,\n          "range": false,\n          "legendFormat": "{{feature}}"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "sort_desc(topk(10, max by (feature) (mlops_feature_psi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"})) unless on (feature) max by (feature) (mlops_feature_psi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"}) > 0)",\n          "instant": true,\n          "range": false,\n          "legendFormat": "{{feature}}, within chance"\n        }\n      ],\n      "options": {\n        "displayMode": "basic",\n        "valueMode": "color",\n        "namePlacement": "auto",\n        "showUnfilled": true,\n        "sizing": "auto",\n        "minVizWidth": 8,\n        "minVizHeight": 16,\n        "maxVizHeight": 300,\n        "orientation": "horizontal",\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": false,\n          "calcs": []\n        },\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "none",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.25,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byFrameRefID",\n              "options": "B"\n            },\n            "properties": [\n              {\n                "id": "color",\n                "value": {\n                  "mode": "fixed",\n                  "fixedColor": "blue"\n                }\n              }\n            ]\n          }\n        ]\n      },\n      "id": 24,\n      "gridPos": {\n        "x": 0,\n        "y": 40,\n        "w": 24,\n        "h": 8\n      }\n    },\n    {\n      "type": "row",\n      "id": 25,\n      "title": "Serving",\n      "collapsed": false,\n      "panels": [],\n      "gridPos": {\n        "x": 0,\n        "y": 48,\n        "w": 24,\n        "h": 1\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "latency_p95, ms: 95th percentile of the time to answer a prediction. Formula: 95th percentile of answer times. Alerts: warn >= 250, critical >= 500 from 50 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#latency_p95",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#latency_p95",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Latency, 95th percentile",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:latency_p95:milliseconds{model=\\"churn\\"}",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "ms",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 250,\n                "color": "orange"\n              },\n              {\n                "value": 500,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 26,\n      "gridPos": {\n        "x": 0,\n        "y": 49,\n        "w": 6,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "error_rate, ratio: Share of predictions answered with a 5xx status. Formula: 5xx answers / answers. Alerts: warn >= 0.01, critical >= 0.05 from 50 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Error rate",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:error_rate:ratio{model=\\"churn\\"}",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.01,\n                "color": "orange"\n              },\n              {\n                "value": 0.05,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 27,\n      "gridPos": {\n        "x": 6,\n        "y": 49,\n        "w": 6,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "throughput, requests/min: Predictions answered in a minute. Warns when requests stop. Formula: answers / minutes. Alerts: no thresholds. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#throughput",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#throughput",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Throughput",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:throughput:per_minute{model=\\"churn\\"}",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "reqpm",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "blue"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 28,\n      "gridPos": {\n        "x": 12,\n        "y": 49,\n        "w": 6,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "saturation, ratio: Greatest use of CPU, memory or GPU against its limit. Formula: max over replicas and resources (use / limit). Alerts: warn >= 0.7, critical >= 0.9. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#saturation",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#saturation",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Saturation",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:saturation:ratio{model=\\"churn\\"}",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.7,\n                "color": "orange"\n              },\n              {\n                "value": 0.9,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 29,\n      "gridPos": {\n        "x": 18,\n        "y": 49,\n        "w": 6,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "latency_p95, ms: 95th percentile of the time to answer a prediction. Formula: 95th percentile of answer times. Alerts: warn >= 250, critical >= 500 from 50 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#latency_p95",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#latency_p95",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Latency, 95th percentile over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:latency_p95:milliseconds{model=\\"churn\\"}",\n          "legendFormat": "now"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"latency_p95\\"})",\n          "legendFormat": "report, version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "ms",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 250,\n                "color": "orange"\n              },\n              {\n                "value": 500,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "linear",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 30,\n      "gridPos": {\n        "x": 0,\n        "y": 52,\n        "w": 6,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "error_rate, ratio: Share of predictions answered with a 5xx status. Formula: 5xx answers / answers. Alerts: warn >= 0.01, critical >= 0.05 from 50 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Error rate over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:error_rate:ratio{model=\\"churn\\"}",\n          "legendFormat": "now"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"error_rate\\"})",\n          "legendFormat": "report, version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.01,\n                "color": "orange"\n              },\n              {\n                "value": 0.05,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "linear",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 31,\n      "gridPos": {\n        "x": 6,\n        "y": 52,\n        "w": 6,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "throughput, requests/min: Predictions answered in a minute. Warns when requests stop. Formula: answers / minutes. Alerts: no thresholds. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#throughput",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#throughput",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Throughput over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:throughput:per_minute{model=\\"churn\\"}",\n          "legendFormat": "now"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"throughput\\"})",\n          "legendFormat": "report, version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "reqpm",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "blue"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "linear",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "off"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 32,\n      "gridPos": {\n        "x": 12,\n        "y": 52,\n        "w": 6,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "saturation, ratio: Greatest use of CPU, memory or GPU against its limit. Formula: max over replicas and resources (use / limit). Alerts: warn >= 0.7, critical >= 0.9. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#saturation",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#saturation",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Saturation over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "cyclops:saturation:ratio{model=\\"churn\\"}",\n          "legendFormat": "now"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"saturation\\"})",\n          "legendFormat": "report, version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.7,\n                "color": "orange"\n              },\n              {\n                "value": 0.9,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "linear",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 33,\n      "gridPos": {\n        "x": 18,\n        "y": 52,\n        "w": 6,\n        "h": 7\n      }\n    },\n    {\n      "type": "row",\n      "id": 34,\n      "title": "Fairness",\n      "collapsed": false,\n      "panels": [],\n      "gridPos": {\n        "x": 0,\n        "y": 59,\n        "w": 24,\n        "h": 1\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "fairness_gap, ratio: Demographic parity difference: greatest difference of selection rates between the groups of a segment. Formula: max over groups (selection rate) - min over groups (selection rate). Alerts: warn >= 0.1, critical >= 0.2 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#fairness_gap",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#fairness_gap",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Fairness gap",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "beyond chance"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"})",\n          "instant": true,\n          "range": false,\n          "legendFormat": "value"\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value_and_name",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.2,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": [\n          {\n            "matcher": {\n              "id": "byFrameRefID",\n              "options": "B"\n            },\n            "properties": [\n              {\n                "id": "color",\n                "value": {\n                  "mode": "fixed",\n                  "fixedColor": "blue"\n                }\n              }\n            ]\n          }\n        ]\n      },\n      "id": 35,\n      "gridPos": {\n        "x": 0,\n        "y": 60,\n        "w": 24,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "fairness_gap, ratio: Demographic parity difference: greatest difference of selection rates between the groups of a segment. Formula: max over groups (selection rate) - min over groups (selection rate). Alerts: warn >= 0.1, critical >= 0.2 from 100 samples on, of what is beyond chance: the rest may differ as much without any change. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#fairness_gap",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#fairness_gap",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Fairness gap over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"})",\n          "legendFormat": "version {{version}}"\n        },\n        {\n          "refId": "B",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"})",\n          "legendFormat": "version {{version}}, beyond chance"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "green"\n              },\n              {\n                "value": 0.1,\n                "color": "orange"\n              },\n              {\n                "value": 0.2,\n                "color": "red"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 36,\n      "gridPos": {\n        "x": 0,\n        "y": 63,\n        "w": 24,\n        "h": 7\n      }\n    },\n    {\n      "type": "row",\n      "id": 37,\n      "title": "Money",\n      "collapsed": false,\n      "panels": [],\n      "gridPos": {\n        "x": 0,\n        "y": 70,\n        "w": 24,\n        "h": 1\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "cost_per_1k_predictions, USD: Cost of serving 1,000 predictions. Warns when it has tripled. Formula: cost of all replicas over the window / predictions * 1000. Alerts: no thresholds. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#cost_per_1k_predictions",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#cost_per_1k_predictions",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Cost of 1,000 predictions",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "currencyUSD",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "blue"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 38,\n      "gridPos": {\n        "x": 0,\n        "y": 71,\n        "w": 12,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "roi, ratio: What predictions bring in over what they cost; needs monitoring.valuePerPrediction. Formula: (predictions * value of one - cost) / cost. Alerts: warn < 0.5, critical < 0 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#roi",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#roi",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "stat",\n      "title": "Return on investment",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"roi\\"})",\n          "instant": true,\n          "range": false\n        }\n      ],\n      "options": {\n        "graphMode": "none",\n        "colorMode": "background",\n        "justifyMode": "center",\n        "textMode": "value",\n        "wideLayout": true,\n        "showPercentChange": false,\n        "percentChangeColorMode": "standard",\n        "orientation": "auto",\n        "reduceOptions": {\n          "calcs": [\n            "lastNotNull"\n          ],\n          "values": false,\n          "fields": ""\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "thresholds"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "red"\n              },\n              {\n                "value": 0,\n                "color": "orange"\n              },\n              {\n                "value": 0.5,\n                "color": "green"\n              }\n            ]\n          },\n          "custom": {}\n        },\n        "overrides": []\n      },\n      "id": 39,\n      "gridPos": {\n        "x": 12,\n        "y": 71,\n        "w": 12,\n        "h": 3\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "cost_per_1k_predictions, USD: Cost of serving 1,000 predictions. Warns when it has tripled. Formula: cost of all replicas over the window / predictions * 1000. Alerts: no thresholds. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#cost_per_1k_predictions",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#cost_per_1k_predictions",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Cost of 1,000 predictions over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"})",\n          "legendFormat": "version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "currencyUSD",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "blue"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "off"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 40,\n      "gridPos": {\n        "x": 0,\n        "y": 74,\n        "w": 12,\n        "h": 7\n      }\n    },\n    {\n      "datasource": {\n        "type": "prometheus",\n        "uid": "${datasource}"\n      },\n      "description": "roi, ratio: What predictions bring in over what they cost; needs monitoring.valuePerPrediction. Formula: (predictions * value of one - cost) / cost. Alerts: warn < 0.5, critical < 0 from 100 samples on. What to do: https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#roi",\n      "links": [\n        {\n          "title": "What to do",\n          "url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#roi",\n          "type": "link",\n          "icon": "doc",\n          "tooltip": "",\n          "tags": [],\n          "asDropdown": false,\n          "targetBlank": true,\n          "includeVars": false,\n          "keepTime": false\n        }\n      ],\n      "type": "timeseries",\n      "title": "Return on investment over time",\n      "targets": [\n        {\n          "refId": "A",\n          "datasource": {\n            "type": "prometheus",\n            "uid": "${datasource}"\n          },\n          "expr": "max by (version) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"roi\\"})",\n          "legendFormat": "version {{version}}"\n        }\n      ],\n      "options": {\n        "legend": {\n          "displayMode": "list",\n          "placement": "bottom",\n          "showLegend": true,\n          "calcs": []\n        },\n        "tooltip": {\n          "mode": "multi",\n          "sort": "none"\n        }\n      },\n      "fieldConfig": {\n        "defaults": {\n          "unit": "percentunit",\n          "noValue": "no data",\n          "color": {\n            "mode": "palette-classic"\n          },\n          "thresholds": {\n            "mode": "absolute",\n            "steps": [\n              {\n                "value": null,\n                "color": "red"\n              },\n              {\n                "value": 0,\n                "color": "orange"\n              },\n              {\n                "value": 0.5,\n                "color": "green"\n              }\n            ]\n          },\n          "custom": {\n            "drawStyle": "line",\n            "lineInterpolation": "stepAfter",\n            "lineWidth": 2,\n            "fillOpacity": 0,\n            "showPoints": "never",\n            "thresholdsStyle": {\n              "mode": "dashed"\n            }\n          }\n        },\n        "overrides": []\n      },\n      "id": 41,\n      "gridPos": {\n        "x": 12,\n        "y": 74,\n        "w": 12,\n        "h": 7\n      }\n    }\n  ]\n}\n',
      },
      metadata: {
        labels: {
          "app.kubernetes.io/managed-by": "cyclops",
          "app.kubernetes.io/part-of": "churn",
          "cyclops.dev/environment": "dev",
          "cyclops.dev/stack": "churn",
          grafana_dashboard: "1",
        },
        name: "churn-model-churn-monitoring-dashboard",
        namespace: "churn-stack",
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.core.v1.ConfigMap(
    "churn-model-churn-monitoring-rules",
    {
      data: {
        "alerts.yaml":
          '{\n  "groups": [\n    {\n      "name": "cyclops-churn-dev-churn-kpis",\n      "rules": [\n        {\n          "alert": "CyclopsModelQuality",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"model_quality\\"}) < 0.8 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"model_quality\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "model_quality",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Model quality of churn: warn (churn/dev)",\n            "description": "model_quality is {{ $value | printf \\"%.4g\\" }}: warn below 0.8. The gate\'s metric on matured labels, else on held-out rows. Alerts beyond the gate\'s bound.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#model_quality"\n          }\n        },\n        {\n          "alert": "CyclopsModelQuality",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"model_quality\\"}) < 0.8 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"model_quality\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "model_quality",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Model quality of churn: critical (churn/dev)",\n            "description": "model_quality is {{ $value | printf \\"%.4g\\" }}: critical below 0.8. The gate\'s metric on matured labels, else on held-out rows. Alerts beyond the gate\'s bound.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#model_quality"\n          }\n        },\n        {\n          "alert": "CyclopsQualityDegradation",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"quality_degradation\\"}) >= 0.05 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"quality_degradation\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "quality_degradation",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Quality degradation of churn: warn (churn/dev)",\n            "description": "quality_degradation is {{ $value | humanizePercentage }}: warn at or above 5%. How much worse the champion does on live labels than on held-out rows.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#quality_degradation"\n          }\n        },\n        {\n          "alert": "CyclopsQualityDegradation",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"quality_degradation\\"}) >= 0.1 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"quality_degradation\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "quality_degradation",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Quality degradation of churn: critical (churn/dev)",\n            "description": "quality_degradation is {{ $value | humanizePercentage }}: critical at or above 10%. How much worse the champion does on live labels than on held-out rows.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#quality_degradation"\n          }\n        },\n        {\n          "alert": "CyclopsMissingRate",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"}) >= 0.01 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "missing_rate",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Missing values of churn: warn (churn/dev)",\n            "description": "missing_rate is {{ $value | humanizePercentage }}: warn at or above 1%. Greatest rise of a feature\'s share of missing values over the reference.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#missing_rate"\n          }\n        },\n        {\n          "alert": "CyclopsMissingRate",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"}) >= 0.05 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"missing_rate\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "missing_rate",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Missing values of churn: critical (churn/dev)",\n            "description": "missing_rate is {{ $value | humanizePercentage }}: critical at or above 5%. Greatest rise of a feature\'s share of missing values over the reference.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#missing_rate"\n          }\n        },\n        {\n          "alert": "CyclopsConstraintViolationRate",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"constraint_violation_rate\\"}) >= 0.01 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"constraint_violation_rate\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "constraint_violation_rate",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Constraint violations of churn: warn (churn/dev)",\n            "description": "constraint_violation_rate is {{ $value | humanizePercentage }}: warn at or above 1%. Share of rows that break a type, range or set constraint.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#constraint_violation_rate"\n          }\n        },\n        {\n          "alert": "CyclopsConstraintViolationRate",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"constraint_violation_rate\\"}) >= 0.05 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"constraint_violation_rate\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "constraint_violation_rate",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Constraint violations of churn: critical (churn/dev)",\n            "description": "constraint_violation_rate is {{ $value | humanizePercentage }}: critical at or above 5%. Share of rows that break a type, range or set constraint.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#constraint_violation_rate"\n          }\n        },\n        {\n          "alert": "CyclopsDataFreshness",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"data_freshness\\"}) >= 604800",\n          "keep_firing_for": "6h",\n          "labels": {\n            "kpi": "data_freshness",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "6h"\n          },\n          "annotations": {\n            "summary": "Data freshness of churn: warn (churn/dev)",\n            "description": "data_freshness is {{ $value | humanizeDuration }}: warn at or above 168 h. Age of the newest raw file. Alerts after one and two training intervals.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#data_freshness"\n          }\n        },\n        {\n          "alert": "CyclopsDataFreshness",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"data_freshness\\"}) >= 1209600",\n          "keep_firing_for": "6h",\n          "labels": {\n            "kpi": "data_freshness",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "6h"\n          },\n          "annotations": {\n            "summary": "Data freshness of churn: critical (churn/dev)",\n            "description": "data_freshness is {{ $value | humanizeDuration }}: critical at or above 336 h. Age of the newest raw file. Alerts after one and two training intervals.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#data_freshness"\n          }\n        },\n        {\n          "alert": "CyclopsDriftedFeatureShare",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"}) >= 0.3 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "drifted_feature_share",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Drifted features of churn: warn (churn/dev)",\n            "description": "drifted_feature_share is {{ $value | humanizePercentage }}: warn at or above 30%. Share of features with PSI above 0.1. Critical at Evidently\'s preset default of one half.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#drifted_feature_share"\n          }\n        },\n        {\n          "alert": "CyclopsDriftedFeatureShare",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"}) >= 0.5 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"drifted_feature_share\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "drifted_feature_share",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Drifted features of churn: critical (churn/dev)",\n            "description": "drifted_feature_share is {{ $value | humanizePercentage }}: critical at or above 50%. Share of features with PSI above 0.1. Critical at Evidently\'s preset default of one half.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#drifted_feature_share"\n          }\n        },\n        {\n          "alert": "CyclopsFeaturePsiMax",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"}) >= 0.1 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "feature_psi_max",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Greatest feature drift of churn: warn (churn/dev)",\n            "description": "feature_psi_max is {{ $value | printf \\"%.4g\\" }} PSI: warn at or above 0.1 PSI. Greatest population stability index of a feature, over ten quantile bins of the reference.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#feature_psi_max"\n          }\n        },\n        {\n          "alert": "CyclopsFeaturePsiMax",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"}) >= 0.25 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"feature_psi_max\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "feature_psi_max",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Greatest feature drift of churn: critical (churn/dev)",\n            "description": "feature_psi_max is {{ $value | printf \\"%.4g\\" }} PSI: critical at or above 0.25 PSI. Greatest population stability index of a feature, over ten quantile bins of the reference.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#feature_psi_max"\n          }\n        },\n        {\n          "alert": "CyclopsPredictionDrift",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"}) >= 0.1 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "prediction_drift",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Prediction drift of churn: warn (churn/dev)",\n            "description": "prediction_drift is {{ $value | printf \\"%.4g\\" }} JSD: warn at or above 0.1 JSD. Jensen-Shannon distance, base 2, of the predictions to the reference\'s.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#prediction_drift"\n          }\n        },\n        {\n          "alert": "CyclopsPredictionDrift",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"}) >= 0.2 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"prediction_drift\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "prediction_drift",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Prediction drift of churn: critical (churn/dev)",\n            "description": "prediction_drift is {{ $value | printf \\"%.4g\\" }} JSD: critical at or above 0.2 JSD. Jensen-Shannon distance, base 2, of the predictions to the reference\'s.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#prediction_drift"\n          }\n        },\n        {\n          "alert": "CyclopsLatencyP95",\n          "expr": "cyclops:latency_p95:milliseconds{model=\\"churn\\"} >= 250 and on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50 or cyclops:latency_p95_1h:milliseconds{model=\\"churn\\"} >= 250 and on (namespace, model) cyclops:requests:increase1h{model=\\"churn\\"} >= 50 unless on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50",\n          "for": "5m",\n          "keep_firing_for": "1h",\n          "labels": {\n            "kpi": "latency_p95",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "Latency, 95th percentile of churn: warn (churn/dev)",\n            "description": "latency_p95 is {{ $value | printf \\"%.4g\\" }} ms: warn at or above 250 ms. 95th percentile of the time to answer a prediction.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#latency_p95"\n          }\n        },\n        {\n          "alert": "CyclopsLatencyP95",\n          "expr": "cyclops:latency_p95:milliseconds{model=\\"churn\\"} >= 500 and on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50 or cyclops:latency_p95_1h:milliseconds{model=\\"churn\\"} >= 500 and on (namespace, model) cyclops:requests:increase1h{model=\\"churn\\"} >= 50 unless on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50",\n          "for": "2m",\n          "keep_firing_for": "1h",\n          "labels": {\n            "kpi": "latency_p95",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "Latency, 95th percentile of churn: critical (churn/dev)",\n            "description": "latency_p95 is {{ $value | printf \\"%.4g\\" }} ms: critical at or above 500 ms. 95th percentile of the time to answer a prediction.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#latency_p95"\n          }\n        },\n        {\n          "alert": "CyclopsErrorRate",\n          "expr": "cyclops:error_rate:ratio{model=\\"churn\\"} >= 0.01 and on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50 or cyclops:error_rate_1h:ratio{model=\\"churn\\"} >= 0.01 and on (namespace, model) cyclops:requests:increase1h{model=\\"churn\\"} >= 50 unless on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50",\n          "for": "5m",\n          "keep_firing_for": "1h",\n          "labels": {\n            "kpi": "error_rate",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "Error rate of churn: warn (churn/dev)",\n            "description": "error_rate is {{ $value | humanizePercentage }}: warn at or above 1%. Share of predictions answered with a 5xx status.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate"\n          }\n        },\n        {\n          "alert": "CyclopsErrorRate",\n          "expr": "cyclops:error_rate:ratio{model=\\"churn\\"} >= 0.05 and on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50 or cyclops:error_rate_1h:ratio{model=\\"churn\\"} >= 0.05 and on (namespace, model) cyclops:requests:increase1h{model=\\"churn\\"} >= 50 unless on (namespace, model) cyclops:requests:increase5m{model=\\"churn\\"} >= 50",\n          "for": "2m",\n          "keep_firing_for": "1h",\n          "labels": {\n            "kpi": "error_rate",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "Error rate of churn: critical (churn/dev)",\n            "description": "error_rate is {{ $value | humanizePercentage }}: critical at or above 5%. Share of predictions answered with a 5xx status.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#error_rate"\n          }\n        },\n        {\n          "alert": "CyclopsThroughput",\n          "expr": "count by (namespace, model) (cyclops_model_info{model=\\"churn\\",role=\\"champion\\"}) unless on (namespace, model) cyclops:throughput:per_minute{model=\\"churn\\"} > 0 and on (namespace, model) max_over_time(cyclops:throughput:per_minute{model=\\"churn\\"}[7d]) > 0",\n          "for": "1h",\n          "keep_firing_for": "6h",\n          "labels": {\n            "kpi": "throughput",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "6h"\n          },\n          "annotations": {\n            "summary": "Throughput of churn: warn (churn/dev)",\n            "description": "throughput is zero for 1h, and was not within 7d. Predictions answered in a minute. Warns when requests stop.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#throughput"\n          }\n        },\n        {\n          "alert": "CyclopsSaturation",\n          "expr": "cyclops:saturation:ratio{model=\\"churn\\"} >= 0.7",\n          "for": "15m",\n          "keep_firing_for": "1h",\n          "labels": {\n            "kpi": "saturation",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "Saturation of churn: warn (churn/dev)",\n            "description": "saturation is {{ $value | humanizePercentage }}: warn at or above 70%. Greatest use of CPU, memory or GPU against its limit.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#saturation"\n          }\n        },\n        {\n          "alert": "CyclopsSaturation",\n          "expr": "cyclops:saturation:ratio{model=\\"churn\\"} >= 0.9",\n          "for": "5m",\n          "keep_firing_for": "1h",\n          "labels": {\n            "kpi": "saturation",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "Saturation of churn: critical (churn/dev)",\n            "description": "saturation is {{ $value | humanizePercentage }}: critical at or above 90%. Greatest use of CPU, memory or GPU against its limit.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#saturation"\n          }\n        },\n        {\n          "alert": "CyclopsFairnessGap",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"}) >= 0.1 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "fairness_gap",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Fairness gap of churn: warn (churn/dev)",\n            "description": "fairness_gap is {{ $value | humanizePercentage }}: warn at or above 10%. Demographic parity difference: greatest difference of selection rates between the groups of a segment.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#fairness_gap"\n          }\n        },\n        {\n          "alert": "CyclopsFairnessGap",\n          "expr": "max by (kpi) (mlops_kpi_judged{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"}) >= 0.2 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"fairness_gap\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "fairness_gap",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Fairness gap of churn: critical (churn/dev)",\n            "description": "fairness_gap is {{ $value | humanizePercentage }}: critical at or above 20%. Demographic parity difference: greatest difference of selection rates between the groups of a segment.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#fairness_gap"\n          }\n        },\n        {\n          "alert": "CyclopsCostPer1kPredictions",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"}) > (avg by (kpi) (avg_over_time(mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"}[7d])) + 2 * abs(avg by (kpi) (avg_over_time(mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"}[7d])))) and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"}) >= 100 and on (kpi) max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"cost_per_1k_predictions\\"} offset 1d)",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "cost_per_1k_predictions",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Cost of 1,000 predictions of churn: warn (churn/dev)",\n            "description": "cost_per_1k_predictions is {{ $value | printf \\"%.4g\\" }} USD: 200% worse than its average of 7d. Cost of serving 1,000 predictions. Warns when it has tripled.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#cost_per_1k_predictions"\n          }\n        },\n        {\n          "alert": "CyclopsRoi",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"roi\\"}) < 0.5 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"roi\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "roi",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Return on investment of churn: warn (churn/dev)",\n            "description": "roi is {{ $value | humanizePercentage }}: warn below 50%. What predictions bring in over what they cost; needs monitoring.valuePerPrediction.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#roi"\n          }\n        },\n        {\n          "alert": "CyclopsRoi",\n          "expr": "max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"roi\\"}) < 0 and on (kpi) max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=\\"roi\\"}) >= 100",\n          "keep_firing_for": "24h",\n          "labels": {\n            "kpi": "roi",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "Return on investment of churn: critical (churn/dev)",\n            "description": "roi is {{ $value | humanizePercentage }}: critical below 0%. What predictions bring in over what they cost; needs monitoring.valuePerPrediction.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#roi"\n          }\n        }\n      ]\n    },\n    {\n      "name": "cyclops-churn-dev-churn-monitor",\n      "rules": [\n        {\n          "alert": "CyclopsMonitorOverdue",\n          "expr": "time() - max by (model) (push_time_seconds{job=\\"cyclops-monitor\\",stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"}) > 7200",\n          "labels": {\n            "kpi": "monitor",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "6h"\n          },\n          "annotations": {\n            "summary": "The monitor of churn is overdue (churn/dev)",\n            "description": "The last report is {{ $value | humanizeDuration }} old: the KPIs that are not live are those of then.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#monitor"\n          }\n        },\n        {\n          "alert": "CyclopsMonitorOverdue",\n          "expr": "time() - max by (model) (push_time_seconds{job=\\"cyclops-monitor\\",stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"}) > 14400",\n          "labels": {\n            "kpi": "monitor",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "6h"\n          },\n          "annotations": {\n            "summary": "The monitor of churn is overdue (churn/dev)",\n            "description": "The last report is {{ $value | humanizeDuration }} old: the KPIs that are not live are those of then.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#monitor"\n          }\n        },\n        {\n          "alert": "CyclopsMonitorSilent",\n          "expr": "absent(push_time_seconds{job=\\"cyclops-monitor\\",stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\"})",\n          "for": "7200s",\n          "labels": {\n            "kpi": "monitor",\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "6h"\n          },\n          "annotations": {\n            "summary": "The monitor of churn has not reported (churn/dev)",\n            "description": "Prometheus knows no report: the monitor has not run, or could not reach the Pushgateway.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#monitor"\n          }\n        },\n        {\n          "alert": "CyclopsKpiWithoutValue",\n          "expr": "max by (kpi) (mlops_kpi_samples{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=~\\"missing_rate|constraint_violation_rate|data_freshness|drifted_feature_share|feature_psi_max|prediction_drift\\"}) unless on (kpi) max by (kpi) (mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=~\\"missing_rate|constraint_violation_rate|data_freshness|drifted_feature_share|feature_psi_max|prediction_drift\\"}) and on (kpi) max by (kpi) (last_over_time(mlops_kpi{stack=\\"churn\\",environment=\\"dev\\",model=\\"churn\\",kpi=~\\"missing_rate|constraint_violation_rate|data_freshness|drifted_feature_share|feature_psi_max|prediction_drift\\"}[7d]))",\n          "for": "7200s",\n          "labels": {\n            "severity": "warn",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "24h"\n          },\n          "annotations": {\n            "summary": "{{ $labels.kpi }} of churn has no value (churn/dev)",\n            "description": "It had one within seven days. The newest report in the predictions zone gives the reason.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#monitor"\n          }\n        }\n      ]\n    },\n    {\n      "name": "cyclops-churn-dev-churn-scorers",\n      "rules": [\n        {\n          "alert": "CyclopsScorersDown",\n          "expr": "absent(cyclops_inflight_requests{model=\\"churn\\"})",\n          "for": "5m",\n          "labels": {\n            "kpi": "scorers",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "No scorer of churn answers (churn/dev)",\n            "description": "Prometheus reaches none of the model\'s scorers: requests fail.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#scorers"\n          }\n        },\n        {\n          "alert": "CyclopsScorersWithoutModel",\n          "expr": "count by (namespace, model) (cyclops_inflight_requests{model=\\"churn\\"}) unless on (namespace, model) count by (namespace, model) (cyclops_model_info{model=\\"churn\\",role=\\"champion\\"}) and on (namespace, model) count by (namespace, model) (max_over_time(cyclops_model_info{model=\\"churn\\",role=\\"champion\\"}[1d]))",\n          "for": "5m",\n          "labels": {\n            "kpi": "scorers",\n            "severity": "critical",\n            "model": "churn",\n            "stack": "churn",\n            "environment": "dev",\n            "repeat": "1h"\n          },\n          "annotations": {\n            "summary": "The scorers of churn have lost their model (churn/dev)",\n            "description": "{{ $value }} scorers run and none has the champion in memory, which one had within a day: requests are answered with 503.",\n            "runbook_url": "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs/concepts/kpis.md#scorers"\n          }\n        }\n      ]\n    }\n  ]\n}\n',
      },
      metadata: {
        annotations: { "cyclops.dev/version-of": "churn-model-churn-monitoring-rules" },
        labels: labels2,
        name: "churn-model-churn-monitoring-rules-a784a5d4",
        namespace: "churn-stack",
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  const modelChurnMonitoringTemplate = new k8s.apiextensions.CustomResource(
    "churn-model-churn-monitoring-template",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { labels, name: "churn-model-churn-monitoring-template", namespace: "churn-stack" },
      spec: {
        entrypoint: "main",
        imagePullSecrets: [],
        podGC: { deleteDelayDuration: "600s", strategy: "OnPodSuccess" },
        podMetadata: {
          annotations: {
            "cyclops.dev/model-document": JSON.stringify({
              formatVersion: 1,
              stack: "churn",
              environment: "dev",
              model: "churn",
              zones: {
                raw: "s3://churn-stack-raw",
                curated: "s3://churn-stack-curated",
                features: "s3://churn-stack-features",
                models: "s3://churn-stack-models",
                predictions: "s3://churn-stack-predictions",
              },
              target: "onprem",
              registry: { experiment: "churn-stack/churn", model: "churn-stack-churn" },
              capture: { percent: 100, columns: ["customerID"] },
              monitored: true,
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
                    Contract: {
                      type: "string",
                      nullable: false,
                      allowed: ["Month-to-month", "One year", "Two year"],
                      unique: false,
                    },
                    MonthlyCharges: { type: "number", nullable: false, min: 0, max: 500, unique: false },
                    TotalCharges: { type: "number", nullable: true, min: 0, unique: false },
                    Churn: { type: "string", nullable: false, allowed: ["No", "Yes"], unique: false },
                  },
                  maxViolationShare: 0.05,
                },
                training: {
                  schedule: "0 3 * * 1",
                  timezone: "UTC",
                  retrainOn: ["drift"],
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
                    train: {
                      size: "S",
                      gpu: 0,
                      spot: false,
                      instances: 1,
                      retries: 2,
                      timeout: "1h",
                      cache: false,
                      environment: {},
                    },
                    tune: {
                      size: "S",
                      gpu: 0,
                      spot: false,
                      instances: 1,
                      retries: 2,
                      timeout: "1h",
                      cache: false,
                      environment: {},
                    },
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
                    gate: {
                      size: "S",
                      gpu: 0,
                      spot: false,
                      instances: 1,
                      retries: 0,
                      timeout: "1h",
                      cache: false,
                      environment: {},
                    },
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
                  instances: 1,
                  valuePerPrediction: 0.02,
                  costPerHour: 0.05,
                  segments: ["gender"],
                  thresholds: { latency_p95: { warn: 250, critical: 500 } },
                },
              },
              serving: {
                url: "http://churn-model-churn-endpoint-service.churn-stack.svc:8080",
                pods: "churn-model-churn-endpoint-pods.churn-stack.svc:8080",
                gateway: null,
              },
              orchestration: { kind: "argo", namespace: "churn-stack", template: "churn-model-churn-training-template" },
            }),
          },
          labels: { "cyclops.dev/role": "step" },
        },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-monitor" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-monitor" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
                {
                  name: "MLFLOW_TRACKING_USERNAME",
                  valueFrom: { secretKeyRef: { key: "username", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "MLFLOW_TRACKING_PASSWORD",
                  valueFrom: { secretKeyRef: { key: "password", name: "churn-platform-tracking-writer" } },
                },
                {
                  name: "CYCLOPS_METRIC_SINK",
                  value: "pushgateway:http://churn-platform-observability-pushgateway-service.churn-stack.svc:9091",
                },
              ],
              image: "ghcr.io/cyclops-iac/cyclops-runtime:0.1.0",
              imagePullPolicy: "IfNotPresent",
              name: "main",
              resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "250m", memory: "1Gi" } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
                { mountPath: "/etc/cyclops-secrets/cyclops-pushgateway", name: "pushgateway-user", readOnly: true },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "monitor", "cyclops.dev/role": "step" } },
            name: "monitor",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-monitor",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
              { emptyDir: {}, name: "tmp" },
              {
                name: "pushgateway-user",
                secret: {
                  defaultMode: 288,
                  items: [
                    { key: "username", path: "username" },
                    { key: "password", path: "password" },
                  ],
                  secretName: "churn-platform-observability-pushgateway-user",
                },
              },
            ],
          },
        ],
        ttlStrategy: { secondsAfterCompletion: 604800 },
        workflowMetadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": "monitoring" } },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.policy.v1.PodDisruptionBudget(
    "churn-model-churn-endpoint-disruption",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-disruption", namespace: "churn-stack" },
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
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.apps.v1.StatefulSet(
    "churn-platform-workbench-server-ana-8e43c",
    {
      metadata: { labels, name: "churn-platform-workbench-server-ana-8e43c", namespace: "churn-stack" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { "cyclops.dev/name": "churn-platform-workbench-ana-8e43c", "cyclops.dev/role": "workbench" } },
        serviceName: "churn-platform-workbench-service-ana-8e43c",
        template: {
          metadata: {
            labels: {
              "cyclops.dev/name": "churn-platform-workbench-ana-8e43c",
              "cyclops.dev/role": "workbench",
              "cyclops.dev/volume": "watched",
            },
          },
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
                  "churn-stack",
                  "--directory",
                  "/home/notebooks",
                ],
                env: [
                  {
                    name: "JUPYTER_TOKEN",
                    valueFrom: { secretKeyRef: { key: "token", name: "churn-platform-workbench-token-ana-8e43c" } },
                  },
                  { name: "HOME", value: "/home/notebooks" },
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                  { name: "AWS_REGION", value: "us-east-1" },
                  {
                    name: "AWS_ACCESS_KEY_ID",
                    valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-workbench" } },
                  },
                  {
                    name: "AWS_SECRET_ACCESS_KEY",
                    valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-workbench" } },
                  },
                  { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
                startupProbe: { failureThreshold: 180, httpGet: { path: "/api", port: "http" }, periodSeconds: 1 },
                volumeMounts: [
                  { mountPath: "/home/notebooks", name: "home" },
                  { mountPath: "/tmp", name: "tmp" },
                ],
              },
              {
                command: [
                  "cyclops-runtime",
                  "watch",
                  "--volume",
                  "churn-platform-workbench-home-ana-8e43c=/volumes/churn-platform-workbench-home-ana-8e43c",
                  "--host",
                  "0.0.0.0",
                  "--port",
                  "9097",
                ],
                image: "ghcr.io/cyclops-iac/cyclops-workbench:0.1.0",
                imagePullPolicy: "IfNotPresent",
                name: "volume",
                ports: [{ containerPort: 9097, name: "volume" }],
                resources: { limits: { memory: "96Mi" }, requests: { cpu: "5m", memory: "32Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                  runAsGroup: 65532,
                  runAsUser: 65532,
                },
                volumeMounts: [
                  { mountPath: "/volumes/churn-platform-workbench-home-ana-8e43c", name: "home", readOnly: true },
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
            serviceAccountName: "churn-platform-workbench-account-ana-8e43c",
            volumes: [
              { name: "home", persistentVolumeClaim: { claimName: "churn-platform-workbench-home-ana-8e43c" } },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
        workbenchCredentialsJob,
        workbenchBindingAna8e43c,
        workbenchHomeAna8e43c,
      ],
      ignoreChanges: ["spec.replicas"],
    },
  );
  new k8s.apiextensions.CustomResource(
    "churn-model-churn-batch-schedule",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: {
        annotations: { "cyclops.dev/longest-interval": "86400" },
        labels: {
          "app.kubernetes.io/managed-by": "cyclops",
          "app.kubernetes.io/part-of": "churn",
          "cyclops.dev/environment": "dev",
          "cyclops.dev/model": "churn",
          "cyclops.dev/pipeline": "batch",
          "cyclops.dev/stack": "churn",
        },
        name: "churn-model-churn-batch-schedule",
        namespace: "churn-stack",
      },
      spec: {
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 5,
        schedules: ["0 5 * * *"],
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        timezone: "UTC",
        workflowMetadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": "batch" } },
        workflowSpec: { workflowTemplateRef: { name: "churn-model-churn-batch-template" } },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
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
        modelChurnBatchTemplate,
      ],
    },
  );
  new k8s.apiextensions.CustomResource(
    "churn-model-churn-monitoring-schedule",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: {
        annotations: { "cyclops.dev/longest-interval": "3600" },
        labels: {
          "app.kubernetes.io/managed-by": "cyclops",
          "app.kubernetes.io/part-of": "churn",
          "cyclops.dev/environment": "dev",
          "cyclops.dev/model": "churn",
          "cyclops.dev/pipeline": "monitoring",
          "cyclops.dev/stack": "churn",
        },
        name: "churn-model-churn-monitoring-schedule",
        namespace: "churn-stack",
      },
      spec: {
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 5,
        schedules: ["0 * * * *"],
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        timezone: "UTC",
        workflowMetadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": "monitoring" } },
        workflowSpec: { workflowTemplateRef: { name: "churn-model-churn-monitoring-template" } },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
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
        modelChurnMonitoringTemplate,
      ],
    },
  );
  const modelChurnEndpointDeployment = new k8s.apps.v1.Deployment(
    "churn-model-churn-endpoint-deployment",
    {
      metadata: {
        annotations: { "pulumi.com/patchForce": "true" },
        labels,
        name: "churn-model-churn-endpoint-deployment",
        namespace: "churn-stack",
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
            labels: {
              "cyclops.dev/model": "churn",
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
                  { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                  { name: "AWS_REGION", value: "us-east-1" },
                  {
                    name: "AWS_ACCESS_KEY_ID",
                    valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-scorer" } },
                  },
                  {
                    name: "AWS_SECRET_ACCESS_KEY",
                    valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-scorer" } },
                  },
                  { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
                startupProbe: { failureThreshold: 180, httpGet: { path: "/healthz", port: "http" }, periodSeconds: 1 },
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
            serviceAccountName: "churn-model-churn-identity-account-scorer",
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
              { configMap: { name: "churn-model-churn-endpoint-config-3459cecd" }, name: "config" },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
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
        modelChurnEndpointConfig,
      ],
    },
  );
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    "churn-model-churn-endpoint-autoscaler",
    {
      metadata: { labels, name: "churn-model-churn-endpoint-autoscaler", namespace: "churn-stack" },
      spec: {
        behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
        maxReplicas: 4,
        metrics: [{ resource: { name: "cpu", target: { averageUtilization: 70, type: "Utilization" } }, type: "Resource" }],
        minReplicas: 1,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "churn-model-churn-endpoint-deployment" },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
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
        modelChurnEndpointDeployment,
      ],
    },
  );
  const modelChurnTrainingTemplate = new k8s.apiextensions.CustomResource(
    "churn-model-churn-training-template",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "WorkflowTemplate",
      metadata: { labels, name: "churn-model-churn-training-template", namespace: "churn-stack" },
      spec: {
        activeDeadlineSeconds: 73080,
        entrypoint: "training",
        imagePullSecrets: [],
        podGC: { deleteDelayDuration: "600s", strategy: "OnPodSuccess" },
        podMetadata: {
          annotations: { "cyclops.dev/model-document": cyclopsDevModelDocument },
          labels: { "cyclops.dev/role": "step" },
        },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-ingest" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-ingest" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "ingest", "cyclops.dev/role": "step" } },
            name: "ingest",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-ingest",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-curate" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-curate" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "curate", "cyclops.dev/role": "step" } },
            name: "curate",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-curate",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-preprocess" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-preprocess" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "preprocess", "cyclops.dev/role": "step" } },
            name: "preprocess",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-preprocess",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-train" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-train" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "train", "cyclops.dev/role": "step" } },
            name: "train",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-train",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-evaluate" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-evaluate" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "evaluate", "cyclops.dev/role": "step" } },
            name: "evaluate",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-evaluate",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-gate" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-gate" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "gate", "cyclops.dev/role": "step" } },
            name: "gate",
            serviceAccountName: "churn-model-churn-identity-account-gate",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-register" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-register" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "register", "cyclops.dev/role": "step" } },
            name: "register",
            retryStrategy: {
              backoff: { cap: "600s", duration: "60s", factor: 2 },
              expression: "asInt(lastRetry.exitCode) not in [1, 2, 3, 4]",
              limit: "2",
              retryPolicy: "Always",
            },
            serviceAccountName: "churn-model-churn-identity-account-register",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
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
                { name: "AWS_ENDPOINT_URL", value: "http://churn-platform-storage-service.churn-stack.svc:8333" },
                { name: "AWS_REGION", value: "us-east-1" },
                {
                  name: "AWS_ACCESS_KEY_ID",
                  valueFrom: { secretKeyRef: { key: "AWS_ACCESS_KEY_ID", name: "churn-platform-storage-key-deploy" } },
                },
                {
                  name: "AWS_SECRET_ACCESS_KEY",
                  valueFrom: { secretKeyRef: { key: "AWS_SECRET_ACCESS_KEY", name: "churn-platform-storage-key-deploy" } },
                },
                { name: "MLFLOW_TRACKING_URI", value: "http://churn-platform-tracking-service.churn-stack.svc:5000" },
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
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                { mountPath: "/etc/cyclops", name: "config", readOnly: true },
                { mountPath: "/tmp", name: "tmp" },
              ],
            },
            metadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/name": "deploy", "cyclops.dev/role": "step" } },
            name: "deploy",
            serviceAccountName: "churn-model-churn-identity-account-deploy",
            volumes: [
              {
                downwardAPI: {
                  items: [{ fieldRef: { fieldPath: "metadata.annotations['cyclops.dev/model-document']" }, path: "model.json" }],
                },
                name: "config",
              },
              { emptyDir: {}, name: "tmp" },
            ],
          },
        ],
        ttlStrategy: { secondsAfterCompletion: 604800 },
        workflowMetadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": "training" } },
      },
    },
    { dependsOn: afterModelChurnIdentityAccountScorer },
  );
  new k8s.apiextensions.CustomResource(
    "churn-model-churn-training-schedule",
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "CronWorkflow",
      metadata: {
        annotations: { "cyclops.dev/longest-interval": "604800" },
        labels: {
          "app.kubernetes.io/managed-by": "cyclops",
          "app.kubernetes.io/part-of": "churn",
          "cyclops.dev/environment": "dev",
          "cyclops.dev/model": "churn",
          "cyclops.dev/pipeline": "training",
          "cyclops.dev/stack": "churn",
        },
        name: "churn-model-churn-training-schedule",
        namespace: "churn-stack",
      },
      spec: {
        concurrencyPolicy: "Forbid",
        failedJobsHistoryLimit: 5,
        schedules: ["0 3 * * 1"],
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        timezone: "UTC",
        workflowMetadata: { labels: { "cyclops.dev/model": "churn", "cyclops.dev/pipeline": "training" } },
        workflowSpec: { workflowTemplateRef: { name: "churn-model-churn-training-template" } },
      },
    },
    {
      dependsOn: [
        storageBuckets,
        trackingUsers,
        orchestrationChart,
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
        modelChurnTrainingTemplate,
      ],
    },
  );
}
