// How much memory the machine's processes have, all together: the checks shall fit into a small machine.
import { readFileSync } from "node:fs";

/** GiB in use, without caches that the kernel gives up at need; undefined where it does not say so, i.e. not on Linux. */
function used() {
  try {
    const text = readFileSync("/proc/meminfo", "utf8");
    const kibibytes = (name) => Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1]);
    return (kibibytes("MemTotal") - kibibytes("MemAvailable")) / 2 ** 20;
  } catch {
    return undefined;
  }
}

/** Looks every second from now on; the answer says the most that was in use. */
export function watchMemory() {
  const first = used();
  let most = first;
  if (first === undefined) return () => undefined;
  setInterval(() => {
    most = Math.max(most, used() ?? 0);
  }, 1000).unref();
  return () => `memory in use: at most ${most.toFixed(1)} GiB, ${first.toFixed(1)} GiB before`;
}
