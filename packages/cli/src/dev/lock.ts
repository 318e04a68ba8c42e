import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, UserError } from "../errors";
import { identityOf, lives, type ProcessIdentity } from "./identity";
import { signalGroup } from "./launch";

const patienceMilliseconds = 5000;
const pollMilliseconds = 50;

/** The lock of a workspace, which also remembers what its owner has started: whoever is killed cannot stop its programs. */
export interface Lock {
  /** Ids of the processes that an owner before this one had left, and that are stopped now. */
  readonly stopped: readonly number[];
  /** Remembers a process, the leader of a group, that would be left behind. */
  remember(pid: number): void;
  release(): void;
}

/**
 * Takes a lock, and stops what its last owner has left.
 *
 * @throws UserError where another process has it
 */
export async function takeLock(file: string, folder: string): Promise<Lock> {
  const [owner, ...children] = read(file);
  if (owner && lives(owner)) {
    throw new UserError(
      `Another \`cyclops dev\` (process ${owner.pid}) works in ${folder}.`,
      `Stop it, or name another folder with --workdir; if that process is none, delete ${file}.`,
    );
  }
  const stopped = await stopAll(children);
  rmSync(file, { force: true });
  // Of two that come at the same time one finds the other's file here.
  writeFileSync(file, line(identityOf(process.pid)), { flag: "wx" });
  return {
    stopped,
    remember: (pid) => appendFileSync(file, line(identityOf(pid))),
    release: () => rmSync(file, { force: true }),
  };
}

const line = (identity: ProcessIdentity) => `${JSON.stringify(identity)}\n`;

/** The owner and what it has started; empty where there is no lock. */
function read(file: string): ProcessIdentity[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((each) => {
    try {
      const value = JSON.parse(each) as ProcessIdentity | number;
      // Earlier versions wrote the id alone.
      const identity = typeof value === "number" ? { pid: value } : value;
      return Number.isInteger(identity.pid) && identity.pid > 0 ? [identity] : [];
    } catch {
      return []; // cut off, when the disk was full
    }
  });
}

async function stopAll(children: readonly ProcessIdentity[]): Promise<number[]> {
  // One whose start is not known may be anybody's by now.
  const left = children.filter((child) => child.since !== undefined && lives(child));
  for (const { pid } of left) signalGroup(pid, "SIGTERM");
  const deadline = Date.now() + patienceMilliseconds;
  while (left.some(lives) && Date.now() < deadline) await sleep(pollMilliseconds);
  for (const child of left.filter(lives)) signalGroup(child.pid, "SIGKILL");
  return left.map(({ pid }) => pid);
}
