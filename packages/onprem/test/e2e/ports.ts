import { readFileSync } from "node:fs";
import path from "node:path";
import { kubectl, list } from "./cluster";
import { run } from "./command";
import type { Answer, PortTable, Question } from "./port-table";
import { makeStranger, stranger } from "./stranger";

/** A pod, and what it is for. */
export interface Scanned {
  readonly pod: string;
  readonly role: string | undefined;
  readonly address: string;
}

/** An open port, and its answers to the questions of the table, in their order. */
export interface Found {
  readonly pod: string;
  readonly port: number;
  readonly answers: readonly Answer[];
}

const questionsOf = (table: PortTable, role: string | undefined): Readonly<Record<number, readonly Question[]>> =>
  (role !== undefined && (table as Readonly<Record<string, PortTable[keyof PortTable]>>)[role]) || {};

/** What is wrong with the ports that were found: unknown ones, answers that give or take something, and listed ones that are closed. */
export function portProblems(pods: readonly Scanned[], found: readonly Found[], table: PortTable): string[] {
  return pods.flatMap(({ pod, role }) => {
    const listed = questionsOf(table, role);
    const own = found.filter((each) => each.pod === pod);
    const closed = Object.keys(listed).filter((port) => !own.some((each) => each.port === Number(port)));
    return [
      ...own.flatMap(({ port, answers }) => {
        const questions = listed[port];
        if (questions === undefined) return [`${pod}: port ${port} is open, and the table of a ${role} does not know it`];
        return questions.flatMap(({ ask, wrong }, index) => {
          const problem = wrong(answers[index] ?? { error: "no answer" });
          return problem === undefined ? [] : [`${pod}: port ${port} ${problem}, without keys: ${JSON.stringify(ask)}`];
        });
      }),
      ...closed.map((port) => `${pod}: port ${port} of the table is closed`),
    ];
  });
}

/** Pods of a namespace that run, by address; those of a workflow that end meanwhile have no ports to be found. */
async function runningPods(namespace: string): Promise<Scanned[]> {
  return (await list("pods", namespace))
    .filter(({ status }) => status.phase === "Running" && status.podIP)
    .map(({ metadata, status }) => ({
      pod: metadata.name,
      role: metadata.labels?.["cyclops.dev/role"],
      address: status.podIP,
    }));
}

/**
 * Tries every TCP port of every pod of a stack from a pod of another namespace, which is made for it and goes again, and asks without keys.
 *
 * @param image one with Python, that runs as any user
 * @returns what the ports give away or take, and what is open that nobody knows
 */
export async function scanPorts(namespace: string, image: string, table: PortTable): Promise<string[]> {
  const outside = `${namespace}-outside`;
  const pods = await runningPods(namespace);
  const input = JSON.stringify({
    pods: pods.map(({ pod, role, address }) => ({
      pod,
      address,
      questions: Object.fromEntries(
        Object.entries(questionsOf(table, role)).map(([port, questions]) => [port, questions.map(({ ask }) => ask)]),
      ),
    })),
  });
  try {
    await makeStranger(outside, image, ["-c", "import signal; signal.pause()"]);
    const program = readFileSync(path.join(__dirname, "open_ports.py"), "utf8");
    const place = ["--namespace", outside, stranger, "--stdin"];
    const output = await run("kubectl", ["exec", ...place, "--", "python", "-c", program], { input });
    const found = output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Found] : []));
    const still = new Set((await runningPods(namespace)).map(({ pod }) => pod));
    return portProblems(
      pods.filter(({ pod }) => still.has(pod)),
      found,
      table,
    );
  } finally {
    await kubectl("delete", "namespace", outside, "--wait=false");
  }
}
