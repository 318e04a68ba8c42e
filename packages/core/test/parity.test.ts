import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { targets } from "../src";

// Sources are read as text and not run: one process must not load the SDKs of two clouds.
const packages = path.join(__dirname, "../..");
const reference = "onprem";
const built = targets.filter((target) => target !== reference && existsSync(path.join(packages, target, "src/stack.ts")));

/** What differs on purpose, with the reason. Left over entries fail too. */
const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "files of onprem alone": {
    "credentials.ts": "secrets are generated in a cluster; clouds have identities instead",
    "grafana.ts": "a cloud's dashboards need no server",
    "recovery.ts": "names of a cluster are fixed: a stopped `up` leaves objects that the next one has to take over",
  },
  "files of aws alone": {
    "bucket.ts": "a bucket has seven settings of its own, which are a resource each",
    "place.ts": "account and region are asked of the provider",
  },
  "exports of onprem alone": {
    Credentials: "see credentials.ts",
    CredentialsArgs: "see credentials.ts",
    Grafana: "see grafana.ts",
    GrafanaServerArgs: "see grafana.ts",
    planConfiguration: "see recovery.ts",
    WorkbenchComponentArgs: "onprem's binding `workbench` has the name WorkbenchArgs",
  },
  "exports of aws alone": {
    Bucket: "see bucket.ts",
    BucketArgs: "see bucket.ts",
    planCall: "a plan without credentials has to answer what the program asks the provider",
    WorkbenchArgs: "onprem's has another name, because of its binding",
  },
  "members of onprem alone": {
    "Network.namespace": "a stack's place in a cluster",
    "Network.ready": "names of objects are known before the objects: order is dependsOn, where on aws it follows from an ARN",
    "Platform.ready": "see Network.ready",
    "Identity.ready": "see Network.ready",
    "Storage.keysReady": "see Network.ready",
    "Storage.endpoint": "S3 of a cluster has an address and keys",
    "Storage.region": "see Storage.endpoint",
    "Storage.secrets": "see Storage.endpoint",
    "Storage.ready": "buckets are made by a Job",
    "Tracking.writerSecret": "MLflow of a cluster has users with passwords",
    "Tracking.readerSecret": "see Tracking.writerSecret",
    "Tracking.ready": "users are made by a Job",
    "Orchestration.ready": "a controller has to start",
    "Observability.binding": "Prometheus and Grafana have addresses",
    "TrainingPipeline.orchestration": "the name of a WorkflowTemplate is known with the object",
  },
  "members of aws alone": {
    "Network.binding": "VPC of jobs and endpoints",
    "Network.workbench": "VPC of notebooks",
    "Storage.formerKeyArns": "a key that data was written with stays readable",
    "Storage.keyArn": "the key belongs to the stack",
    "Tracking.runtimeImage": "jobs take images from the account's own repository",
    "Orchestration.starterRoleArn": "schedules and rules start pipelines in a role's name",
    "Orchestration.starterRoleName": "see Orchestration.starterRoleArn",
    "Observability.alertTopicArn": "alarms go to a topic",
    "TrainingPipeline.arnOf": "the monitor's policy names the state machine before there is one",
    "Platform.place": "names are known before the platform's binding is complete",
  },
};

const sourceOf = (target: string, file: string) => {
  const name = path.join(packages, target, "src", file);
  return ts.createSourceFile(name, readFileSync(name, "utf8"), ts.ScriptTarget.Latest, true);
};

const filesOf = (target: string) =>
  readdirSync(path.join(packages, target, "src"))
    .filter((file) => file.endsWith(".ts"))
    .sort();

/** Names that `index.ts` exports one by one; those of `export *` are a target's own bindings. */
function exportsOf(target: string): string[] {
  return sourceOf(target, "index.ts").statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      return statement.exportClause.elements.map(({ name }) => name.text);
    const exported = ts.canHaveModifiers(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    if (!exported || !ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  });
}

const hasModifier = (node: ts.HasModifiers, kind: ts.SyntaxKind): boolean =>
  ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;

/** Exported classes of a package's files, by name. */
function classesOf(target: string): Map<string, ts.ClassDeclaration> {
  const found = filesOf(target).flatMap((file) => sourceOf(target, file).statements.filter(ts.isClassDeclaration));
  return new Map(found.flatMap((declaration) => (declaration.name ? [[declaration.name.text, declaration] as const] : [])));
}

/** Public members that a class declares itself, `Class.member`. */
function membersOf(declaration: ts.ClassDeclaration): string[] {
  return declaration.members.flatMap((member) => {
    if (ts.isConstructorDeclaration(member) || !member.name || ts.isPrivateIdentifier(member.name)) return [];
    const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
    if (ts.canHaveModifiers(member) && hidden.some((kind) => hasModifier(member, kind))) return [];
    return [`${declaration.name?.text}.${member.name.getText()}`];
  });
}

/** Keys of the children of a class' file, in order; those of index signatures as their text. */
function childrenOf(target: string, file: string): string[] {
  const children = sourceOf(target, file)
    .statements.filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === "Children");
  return (children?.members ?? []).map((member) =>
    ts.isIndexSignatureDeclaration(member) ? (member.parameters[0]?.getText() ?? "") : (member.name?.getText() ?? ""),
  );
}

/** What one list has and the other has not, but for what is allowed; and what is allowed in vain. */
function unexpected(own: readonly string[], others: readonly string[], list: string): string[] {
  const reasons = allowed[list] ?? {};
  const alone = own.filter((name) => !others.includes(name));
  return [
    ...alone.filter((name) => !(name in reasons)),
    ...Object.keys(reasons)
      .filter((name) => !alone.includes(name))
      .map((name) => `${name} is allowed in vain`),
  ];
}

describe.each(built)("%s and onprem", (target) => {
  const compare = (what: string, names: (target: string) => string[]) => {
    const [own, others] = [names(target), names(reference)];
    return [
      ...unexpected(own, others, `${what} of ${target} alone`),
      ...unexpected(others, own, `${what} of ${reference} alone`),
    ];
  };

  it("have the same files", () => {
    expect(compare("files", filesOf)).toEqual([]);
  });

  it("export the same names, in the same order", () => {
    expect(compare("exports", exportsOf)).toEqual([]);
    const [own, others] = [exportsOf(target), exportsOf(reference)];
    expect(own.filter((name) => others.includes(name))).toEqual(others.filter((name) => own.includes(name)));
  });

  it("have classes with the same public members", () => {
    const shared = [...classesOf(reference).keys()].filter((name) => classesOf(target).has(name));
    expect(shared.length).toBeGreaterThanOrEqual(14);
    const members = (each: string) => {
      const classes = classesOf(each);
      return shared.flatMap((name) => {
        const declaration = classes.get(name);
        return declaration ? membersOf(declaration) : [];
      });
    };
    expect(compare("members", members)).toEqual([]);
  });

  it.each(["stack.ts", "platform.ts", "model.ts"])("make the same components in the same order in %s", (file) => {
    expect(childrenOf(target, file)).toEqual(childrenOf(reference, file));
    expect(childrenOf(target, file).length).toBeGreaterThan(1);
  });
});
