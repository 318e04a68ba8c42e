// Commands that run beside each other, and end together with the script that started them. Built-ins only, as in lib.mjs.
import { spawn } from "node:child_process";
import { environment, root, windows } from "./lib.mjs";

const running = new Set();

/** Ends what was started and all that this has started: each command has a process group of its own, Windows has none. */
function stopAll(signal) {
  for (const child of running) {
    try {
      if (windows) child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

let bound = false;
/** A group of its own hears nothing of Ctrl-C, so the script passes it on, and waits for nobody. */
function bind() {
  if (bound) return;
  bound = true;
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
    process.once(signal, () => {
      stopAll(signal);
      process.exit(128 + number);
    });
  }
  process.once("exit", () => stopAll("SIGTERM"));
}

/**
 * Starts a command and answers, when it has ended, what `run` of lib.mjs does. Each piece of its output also goes to `write` as it
 * comes. `bare`: without the programs of node_modules. `standsBack`: it takes the processor only while nobody else wants it.
 */
export function start(command, args, { cwd = root, bare = false, standsBack = false, write = () => {} } = {}) {
  bind();
  const words = standsBack && !windows ? ["nice", "-n", "19", command, ...args] : [command, ...args];
  return new Promise((resolve) => {
    const child = spawn(words[0], words.slice(1), {
      cwd,
      env: environment(bare),
      stdio: ["ignore", "pipe", "pipe"],
      detached: !windows,
      shell: windows,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        write(text);
      });
    }
    running.add(child);
    const end = (answer) => {
      running.delete(child);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ ok: false, missing: false, status: null, ...answer, output });
    };
    child.once("error", (error) => end({ missing: error.code === "ENOENT" }));
    child.once("close", (status) => end({ ok: status === 0, status }));
    // What it left running may hold its output open; that must hold up nobody.
    child.once("exit", (status) => setTimeout(end, 2000, { ok: status === 0, status }).unref());
  });
}
