import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { codeOf } from "../errors";

/** A process as it is found again later, when its id may be that of another program. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in the system's own words. @default - not known */
  readonly since?: string;
}

/** Who a process is now. */
export function identityOf(pid: number): ProcessIdentity {
  const since = startOf(pid);
  return since === undefined ? { pid } : { pid, since };
}

/** Whether the process lives: another one that has got its id since does not count. */
export function lives({ pid, since }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if (codeOf(error) !== "EPERM") return false;
  }
  const now = startOf(pid);
  if (now === "ended") return false;
  return since === undefined || now === undefined || now === since;
}

/** Moment at which a process was started; undefined where the system does not tell, "ended" for one that only waits to be collected. */
function startOf(pid: number): string | undefined {
  return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
}

function startOnLinux(pid: number): string | undefined {
  try {
    // The name, in brackets, may hold anything. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return "ended";
    // Ticks since the machine has started, and which start that was.
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[18]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
