import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { ProviderPackage, Target } from "@cyclops/core";
import { codeOf, messageOf, UserError } from "../errors";

/** What the CLI needs of a provider package. */
export type Provider = Pick<ProviderPackage, "target" | "capabilities" | "MlopsStack" | "planCall" | "planConfiguration">;

/** A provider package that is there, but declares nothing yet. */
export class TargetNotBuiltError extends UserError {}

/** Name of the package that declares a target. */
const packageOf = (target: Target): string => `@cyclops/${target}`;

/**
 * Loads the package of a target: the spec's own copy (the one `pulumi up` uses) where there is one, else the CLI's.
 *
 * @throws UserError where it is not installed, TargetNotBuiltError where it declares nothing yet
 */
export function loadProvider(target: Target, specFile: string): Provider {
  const name = packageOf(target);
  const entry = findPackage(name, specFile);
  if (entry === undefined) {
    throw new UserError(`The target ${target} needs the package ${name}, which is not installed.`, `Run: npm install ${name}`);
  }
  if (!existsSync(entry))
    throw new UserError(`The package ${name} has not been built (${entry} is missing).`, "Run: npm run build");
  let loaded: Partial<Provider>;
  try {
    loaded = createRequire(entry)(entry) as Partial<Provider>;
  } catch (error) {
    const missing = /Cannot find (?:module|package) '([^'./][^']*)'/.exec(messageOf(error))?.[1];
    if (codeOf(error) !== "MODULE_NOT_FOUND" || missing === undefined) throw error;
    throw new UserError(`The package ${name} needs ${missing}, which is not installed.`, `Run: npm install ${missing}`);
  }
  if (!loaded.MlopsStack || !loaded.capabilities) {
    throw new TargetNotBuiltError(`The target ${target} does not exist yet: ${name} declares no MlopsStack.`);
  }
  const { capabilities, MlopsStack, planCall, planConfiguration = {} } = loaded;
  return { target, capabilities, MlopsStack, ...(planCall ? { planCall } : {}), planConfiguration };
}

/**
 * The module `request` as the package of the target sees it. Core and Pulumi keep state in their modules, so a plan must use
 * the copies that the provider package uses.
 */
export function requireBeside<Module>(target: Target, specFile: string, request: string): Module {
  const entry = findPackage(packageOf(target), specFile) ?? __filename;
  return createRequire(entry)(request) as Module;
}

function findPackage(name: string, specFile: string): string | undefined {
  for (const origin of [join(dirname(resolve(specFile)), "package.json"), __filename]) {
    const require = createRequire(origin);
    try {
      return require.resolve(name);
    } catch (error) {
      if (codeOf(error) !== "MODULE_NOT_FOUND") throw error;
      const manifest = require.resolve
        .paths(name)
        ?.map((folder) => join(folder, name, "package.json"))
        .find((path) => existsSync(path));
      if (manifest !== undefined) return join(dirname(manifest), "dist", "index.js");
    }
  }
  return undefined;
}
