import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Where a stand-in finds its parts. */
export interface ExecutableOptions {
  /** Name of the provider, which has a stand-in in `clouds.ts`. */
  readonly package: string;
  /** Folder of the installed SDK. */
  readonly sdk: string;
  /** Folder of the store. */
  readonly store: string;
  /** The compiled program, `main.js`. */
  readonly program: string;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Writes the provider's executable into a folder, which belongs first on the engine's PATH: the engine takes a plugin from there. */
export function writeExecutable(folder: string, options: ExecutableOptions): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `pulumi-resource-${options.package}`);
  const words = [process.execPath, options.program, options.package, options.sdk, options.store];
  writeFileSync(file, `#!/bin/sh\nexec ${words.map(quoted).join(" ")} "$@"\n`);
  chmodSync(file, 0o755);
}
