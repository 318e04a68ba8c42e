import type { ProviderPackage } from "../../contract/provider";
import { secrets, security, tags } from "./content";
import { edges } from "./edges";
import { physicalNames } from "./names";
import { invalidSpecs, validSpecs } from "./specs";
import { childNames, collisions, goldenList, outputs, parents, previewParity, typeTokens } from "./structure";
import { type ContractOptions, Subject } from "./subject";
import { transforms } from "./transforms";

/** One rule of the contract. */
export interface ContractCheck {
  /** `C1` to `C15`: the numbers of `docs/contract.md`. */
  readonly id: string;
  readonly title: string;
  /** What breaks the rule; empty where nothing does. */
  problems(): Promise<string[]>;
}

/** The rules that every provider package obeys. Pulumi's state belongs to the process, so they run one after the other. */
export function contractChecks(provider: ProviderPackage, options: ContractOptions): ContractCheck[] {
  const subject = new Subject(provider, options);
  const check = (id: string, title: string, run: (subject: Subject) => Promise<string[]>): ContractCheck => ({
    id,
    title,
    problems: () => run(subject),
  });
  return [
    check("C1", "type tokens are cyclops-<target>:index:<Class>, for every component of the contract", typeTokens),
    check("C2", "every resource has the stack among its parents", parents),
    check("C3", "names of children start with the name of the instance", childNames),
    check("C4", "two stacks in one program do not collide", collisions),
    check("C5", "a preview registers what a deployment registers", previewParity),
    check("C6", "the outputs are those of the contract, and none is empty that the spec asks for", outputs),
    check("C7", "every valid spec becomes a stack, or is refused where the capabilities say so", validSpecs),
    check("C8", "every invalid spec is refused with core's error, before anything is registered", invalidSpecs),
    check("C9", "tags reach every resource that can carry them", tags),
    ...options.security.map((rule) => check("C10", `security: ${rule.title}`, () => security(subject, rule))),
    check("C11", "secrets stay secret", secrets),
    check("C12", "names in the target obey its limits for an instance name of sixty characters", physicalNames),
    check("C13", "a transform changes the resource of its key and no other, and nodes list every resource", transforms),
    check("C14", "types and names are those of the golden list", goldenList),
    ...(options.madeUp
      ? [
          check(
            "C15",
            "no property comes from a resource that can be replaced, but for identities that the target makes up",
            edges,
          ),
        ]
      : []),
  ];
}
