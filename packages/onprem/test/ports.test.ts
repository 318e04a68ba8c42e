import { spawn } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, it } from "vitest";
import { ports } from "../src/defaults";
import { type Answer, portTable } from "./e2e/port-table";
import { type Found, portProblems, type Scanned } from "./e2e/ports";

const table = portTable({ bucket: "churn-dev-raw", tracking: "mlflow" });
const store: Scanned = { pod: "store-0", role: "object-store", address: "10.0.0.1" };
const denied: Answer = { status: 403, body: "<Error>" };
const empty: Answer = { status: 200, body: "" };

/** Ports of an object store as it shall be, with other answers where given. */
const found = (changed: { s3?: Partial<Record<number, Answer>>; grpc?: Answer[] } = {}): Found[] => {
  const s3 = [...Array.from({ length: 6 }, () => denied), { status: 405, body: "" }, empty, empty];
  return [
    { pod: "store-0", port: 8333, answers: s3.map((answer, index) => changed.s3?.[index] ?? answer) },
    { pod: "store-0", port: 18333, answers: changed.grpc ?? [{ received: "" }, { error: "SSLError" }] },
    { pod: "store-0", port: 9097, answers: [{ status: 200, body: 'cyclops_volume_size_bytes{volume="store"} 5e+10\n' }] },
  ];
};

it("finds nothing wrong where every port is known and refuses", () => {
  expect(portProblems([store], found(), table)).toEqual([]);
});

it.each<[string, Found[], string]>([
  ["a port that nobody knows", [...found(), { pod: "store-0", port: 8888, answers: [] }], "port 8888 is open"],
  ["a port of the table that is closed", found().filter(({ port }) => port !== 18333), "port 18333 of the table is closed"],
  ["a listing without keys", found({ s3: { 1: { status: 200, body: "<Contents>" } } }), "said 200 <Contents>, and not 403"],
  ["a write without keys", found({ s3: { 3: { status: 201 } } }), "said 201"],
  ["a status that tells more", found({ s3: { 8: { status: 200, body: "volumes" } } }), "with at most 0 characters"],
  ["an answer that is missing", [{ pod: "store-0", port: 8333, answers: [] }, ...found().slice(1)], "no answer"],
  // The settings of gRPC in Go, as an object store without certificates sends them.
  [
    "gRPC for everybody",
    found({ grpc: [{ received: "000018040000000000" }, { error: "SSLError" }] }),
    "the end of the connection",
  ],
  ["gRPC by TLS alone", found({ grpc: [{ received: "" }, { received: "000018040000000000" }] }), '"tls":true'],
])("tells %s", (_, ports_, text) => {
  const problems = portProblems([store], ports_, table);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join()).toContain(text);
});

it("knows no port of a pod whose role it does not know", () => {
  const pods = [
    { pod: "a", role: undefined, address: "10.0.0.2" },
    { pod: "b", role: "step", address: "10.0.0.3" },
  ];
  const open = pods.map(({ pod }) => ({ pod, port: 80, answers: [] }));
  expect(portProblems(pods, open, table)).toHaveLength(2);
});

it.each([
  ["a password, by SCRAM", "520000001700000000a", true],
  ["nothing: trust", "520000000800000000", false],
  ["an error", "45000000", true],
  ["silence", "", false],
])("takes PostgreSQL's wish for %s", (_, received, fine) => {
  const answer = { received: received.replace("00000000a", "0000000a") };
  const [question] = table.database[5432] ?? [];
  expect(question?.wrong(answer) === undefined).toBe(fine);
});

it("lets metrics be counts, and names what is none", () => {
  const [question] = table.prometheus[9095] ?? [];
  const metrics = "# HELP cyclops_rules_files Files\ncyclops_rules_files 2.0\nprocess_open_fds 7.0\n";
  expect(question?.wrong({ status: 200, body: metrics })).toBeUndefined();
  expect(question?.wrong({ status: 200, body: `${metrics}mlops_kpi{kpi="roi"} 3\n` })).toContain('has mlops_kpi{kpi="roi"} 3');
});

it("lists every port of the library's own", () => {
  const listed = Object.values(table).flatMap((each) => Object.keys(each).map(Number));
  // Open only where Prometheus is an operator's, to which no test has access: counts, like 9095.
  listed.push(ports.watch);
  expect(Object.values(ports).filter((port) => !listed.includes(port))).toEqual([]);
});

it("scans an address for real: finds what is open, and hears its answers", async () => {
  const server = http.createServer((request, answer) => answer.writeHead(request.method === "GET" ? 403 : 201).end("no"));
  // An address of this machine that others do not listen at.
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.77", resolve));
  const { port } = server.address() as AddressInfo;
  const questions = { [port]: [{ method: "GET", path: "/" }, { method: "PUT", path: "/x", body: "a" }, { send: "00" }] };
  const child = spawn("python3", [path.join(__dirname, "e2e/open_ports.py")]);
  child.stdin.end(JSON.stringify({ pods: [{ pod: "here", address: "127.0.0.77", questions }] }));
  let output = "";
  for await (const chunk of child.stdout) output += chunk;
  server.close();
  const lines = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Found);
  const [own] = lines.filter((line) => line.port === port);
  expect(own?.answers.slice(0, 2)).toEqual([
    { status: 403, body: "no" },
    { status: 201, body: "no" },
  ]);
  // Node's answer to what is no HTTP.
  expect(Buffer.from(own?.answers[2]?.received ?? "", "hex").toString()).toContain("400 Bad Request");
}, 60_000);
