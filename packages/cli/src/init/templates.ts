import type { Target } from "@cyclops/core";

/** What a project is made for. */
export interface ProjectInput {
  readonly name: string;
  readonly target: Target;
  /** Version of CyclOps. */
  readonly version: string;
}

/** SDK that a program of each target needs beside Pulumi's own. */
const sdks: Readonly<Record<Target, Readonly<Record<string, string>>>> = {
  aws: { "@pulumi/aws": "^7.0.0" },
  gcp: { "@pulumi/gcp": "^9.0.0" },
  azure: { "@pulumi/azure-native": "^3.0.0" },
  // The first with `upsertExistingObjects`.
  onprem: { "@pulumi/kubernetes": "^4.29.0" },
};

/** What the provider of a target is to be told, for all stacks of a project. */
const configuration: Partial<Record<Target, string>> = {
  onprem: `config:
  # An \`up\` that was stopped has made objects that the state does not know: the next one takes them over instead of failing because they exist.
  kubernetes:upsertExistingObjects:
    value: true
  # The \`up\` that was stopped still owns their fields: the next one takes those over too, instead of failing with a conflict.
  kubernetes:enablePatchForce:
    value: true
`,
};

/** The files of a new project by path. */
export function projectFiles(input: ProjectInput): Readonly<Record<string, string>> {
  return {
    "mlops.yaml": spec(input),
    "index.ts": program(input),
    "Pulumi.yaml": `name: ${input.name}\ndescription: The MLOps stack ${input.name}, made by CyclOps.\nruntime: nodejs\n${configuration[input.target] ?? ""}`,
    "package.json": manifest(input),
    "tsconfig.json": compilerOptions,
    ".gitignore": "node_modules/\n.cyclops/\n.pulumi/\n*.log\n.env\n",
  };
}

const spec = ({
  name,
  target,
}: ProjectInput): string => `# yaml-language-server: $schema=node_modules/@cyclops/core/schemas/stack-spec.schema.json
# What the stack is to do. The same file works on every target; \`cyclops validate\` explains it.
name: ${name}
environment: dev

models:
  ${name}:
    task: binary-classification
    data:
      # Made-up example rows: put your own files into raw/${name}/, and name their columns here.
      path: raw/${name}/
      target: churned
      positive: "yes"
      id: customer
      schema:
        tenure_months: {type: integer, min: 0}
        monthly_usd: {type: number, min: 0}
        plan: {type: string, allowed: [basic, standard, premium]}
        support_calls: {type: integer, min: 0}
        churned: {type: string, allowed: ["no", "yes"]}
    training:
      schedule: "0 3 * * 1" # Mondays at 3:00 UTC
      gate: {metric: roc_auc, min: 0.7} # below it, a version is not deployed
    batch:
      schedule: "0 5 * * *"
    endpoint:
      size: S
      replicas: {min: 1, max: 3}
      rollout: {strategy: canary, percent: 10, bake: 10m}
    monitoring:
      schedule: "0 * * * *"
      segments: [plan]

# What the models may share, once you need it (target ${target}: cyclops plan --target ${target}):
# workbench: {users: [ana@example.com], idleShutdown: 60m}
# alerts: {email: [oncall@example.com]}
`;

const program = ({
  name,
  target,
}: ProjectInput): string => `import { loadSpec, MlopsStack } from "@cyclops/${target}"; // retargeting changes this line and nothing else

const stack = new MlopsStack("${name}", { spec: loadSpec("mlops.yaml") });

export const { endpointUrls, dashboardUrls, trackingUri } = stack;
`;

function manifest({ name, target, version }: ProjectInput): string {
  const document = {
    name,
    private: true,
    version: "0.1.0",
    description: `The MLOps stack ${name}.`,
    main: "index.ts",
    engines: { node: ">=22.12" },
    scripts: { validate: "cyclops validate", plan: `cyclops plan --target ${target}`, dev: "cyclops dev" },
    dependencies: { [`@cyclops/${target}`]: version, "@pulumi/pulumi": "^3.200.0", ...sdks[target] },
    devDependencies: { "@cyclops/cli": version, "@types/node": "^24.0.0", typescript: "~6.0.3" },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

// Pulumi reads the options of this file itself, not those of a file it extends.
const compilerOptions = `${JSON.stringify(
  {
    compilerOptions: { target: "es2023", module: "nodenext", types: ["node"], strict: true, skipLibCheck: true, noEmit: true },
    include: ["*.ts"],
  },
  null,
  2,
)}\n`;
