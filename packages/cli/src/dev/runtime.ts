import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { UserError } from "../errors";
import { quoted } from "../terminal/paths";

const executable = "cyclops-runtime";
// From packages/cli/dist/dev to the repository; does not exist where the CLI was installed from a registry.
const repository = resolve(__dirname, "../../../..");

/**
 * Path of the runtime's executable: CYCLOPS_RUNTIME, then PATH, then the environment that `npm run setup` makes in this repository.
 *
 * @throws UserError that says how to install it
 */
export function findRuntime(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.CYCLOPS_RUNTIME;
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return resolve(named);
    throw new UserError(
      `CYCLOPS_RUNTIME names ${named}, which is not an executable file.`,
      `Set it to the path of ${executable}, or unset it.`,
    );
  }
  const folders = [...(environment.PATH ?? "").split(delimiter).filter(Boolean), join(repository, "runtime", ".venv", "bin")];
  const found = folders.map((folder) => join(folder, executable)).find(isExecutable);
  if (found !== undefined) return found;
  const install = existsSync(join(repository, "runtime", "pyproject.toml"))
    ? `cd ${quoted(repository)} && npm run setup`
    : `pip install ${executable}`;
  throw new UserError(`The CyclOps runtime (${executable}) is not installed.`, `Run: ${install}`);
}

/** Command line that shows the MLflow pages of a local registry. */
export function mlflowCommand(runtime: string, trackingUri: string): string {
  const beside = join(dirname(runtime), "mlflow");
  return `${existsSync(beside) ? quoted(beside) : "mlflow"} ui --backend-store-uri ${quoted(trackingUri)}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
