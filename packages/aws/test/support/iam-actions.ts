import { readFileSync } from "node:fs";
import path from "node:path";
import type { PolicyDocument } from "../../src/documents/policy";
import { listOf } from "./policy-evaluator";

interface Service {
  /** Kinds of resources of each action, by its name in lower case. */
  readonly actions: Readonly<Record<string, readonly string[]>>;
  /** Patterns of the ARNs of each kind. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
}

const { services } = JSON.parse(readFileSync(path.join(__dirname, "../fixtures/iam-actions.json"), "utf8")) as {
  readonly services: Readonly<Record<string, Service>>;
};

/** What is wrong with the actions of a policy: those that AWS does not have, and those that no resource of their statement is for. */
export function actionProblems({ Statement }: PolicyDocument): string[] {
  return Statement.flatMap(({ Sid = "", Action, Resource = "*" }) =>
    listOf(Action).flatMap((action) => {
      const [service = "", name = ""] = action.split(":");
      if (name === "*") return [];
      const known = services[service];
      if (!known) return [`${Sid}: ${service} is not in iam-actions.json`];
      const kinds = known.actions[name.toLowerCase()];
      if (!kinds) return [`${Sid}: there is no action ${action}`];
      const fits = listOf(Resource).some(
        (arn) => arn === "*" || kinds.some((kind) => isOfKind(arn, known.resources[kind.toLowerCase()] ?? [])),
      );
      return fits
        ? []
        : [`${Sid}: ${action} is not about ${listOf(Resource).join(", ")}, but about ${kinds.join(", ") || "nothing"}`];
    }),
  );
}

/** Whether an ARN, which may have wildcards, is one of a kind's. */
function isOfKind(arn: string, formats: readonly string[]): boolean {
  return formats.some((format) => {
    const pattern = format.replace(/\$\{\w+\}/g, ".*");
    return new RegExp(`^${pattern}$`).test(arn);
  });
}
