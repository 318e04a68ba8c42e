import { ports } from "../../src/defaults";
import type { Role } from "../../src/documents/labels";

/** Something that is asked of a port without keys; `send` is bytes in hexadecimal notation. */
type Request =
  | {
      readonly method: string;
      readonly path: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly send: string; readonly tls?: boolean };

/** What a port answered, or how it did not. */
export interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly received?: string;
  readonly error?: string;
}

/** A request, and what is wrong with an answer that gives something away, or takes something. */
export interface Question {
  readonly ask: Request;
  readonly wrong: (answer: Answer) => string | undefined;
}

/** What stands behind the ports of pods, by role: a port that is not listed must be closed. */
export type PortTable = Readonly<Record<Role, Readonly<Record<number, readonly Question[]>>>>;

type HttpRequest = Extract<Request, { method: string }>;

/** One request by HTTP: `GET /path`, and what else it has. */
const http = (line: string, rest: Partial<HttpRequest> = {}): HttpRequest => {
  const [method = "", path = ""] = line.split(" ");
  return { method, path, ...rest };
};

const said = ({ status, body = "", received, error }: Answer): string => error ?? received ?? `${status} ${body.slice(0, 200)}`;

const unless = (fine: boolean, answer: Answer, wanted: string) => (fine ? undefined : `said ${said(answer)}, and not ${wanted}`);

const refused =
  (...statuses: number[]) =>
  (request: HttpRequest): Question => ({
    ask: request,
    wrong: (answer) => unless(statuses.includes(answer.status ?? 0), answer, statuses.join(" or ")),
  });

/** An answer that says that the server is there, and no more. */
const alive = (request: HttpRequest, most = 64): Question => ({
  ask: request,
  wrong: (answer) =>
    unless(answer.status === 200 && (answer.body ?? "").length <= most, answer, `200 with at most ${most} characters`),
});

/** Metrics whose names are all of these: counts and times, no data. */
const counts = (names: RegExp): Question => ({
  ask: http("GET /metrics"),
  wrong: (answer) => {
    if (answer.status !== 200) return unless(false, answer, "200");
    const others = (answer.body ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#") && !names.test(line));
    return others.length === 0 ? undefined : `has ${others.slice(0, 3).join(", ")}, and not only ${names}`;
  },
});

/** How full the volume of a pod is, by the name of its claim. */
const fullness = { [ports.volume]: [counts(/^cyclops_volume_(size|available)_bytes\{volume="/)] };

/** What everybody may ask, by design: it is documented. */
const open = (request: HttpRequest): Question => ({
  ask: request,
  wrong: (answer) => unless(answer.status !== undefined, answer, "an answer"),
});

// What a client of HTTP/2, and so of gRPC, says first; a server that takes it answers with settings, frame type 4.
const preface = `${Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").toString("hex")}000000040000000000`;
const settings = /^.{6}04/;

/** gRPC that wants a certificate of its client: neither plain nor with TLS alone does it begin to talk. */
const certified: readonly Question[] = [false, true].map((tls) => ({
  ask: { send: preface, tls },
  wrong: (answer) =>
    unless(
      answer.error !== undefined || (answer.received !== undefined && !settings.test(answer.received)),
      answer,
      "the end of the connection",
    ),
}));

/** A login without a password; PostgreSQL answers with the kind of login that it wants, 0 for none, or with an error. */
const login = (user: string): Question => {
  const words = Buffer.from(`user\0${user}\0database\0${user}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + words.length, 0);
  head.writeInt32BE(196608, 4); // Version 3.0 of the protocol.
  return {
    ask: { send: Buffer.concat([head, words]).toString("hex") },
    wrong: (answer) =>
      unless(/^52.{8}(?!00000000)|^45/.test(answer.received ?? ""), answer, "the wish for a password, or an error"),
  };
};

const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

/**
 * Every port of every pod of a stack, and what it says to those without keys: the table of docs/targets/onprem.md.
 *
 * @param bucket one of the stack's
 * @param tracking name of MLflow's Service, which it wants to be called by
 */
export function portTable({ bucket, tracking }: { bucket: string; tracking: string }): PortTable {
  const denied = refused(403);
  const login401 = refused(401);
  const host = { headers: { host: `${tracking}:5000` } };
  const noPorts = {};
  return {
    "object-store": {
      8333: [
        denied(http("GET /")),
        denied(http(`GET /${bucket}?list-type=2`)),
        denied(http(`GET /${bucket}/telco/telco-churn.csv`)),
        denied(http(`PUT /${bucket}/evil.csv`, { body: "evil" })),
        denied(http(`DELETE /${bucket}/telco/telco-churn.csv`)),
        denied(http("PUT /evil")),
        refused(405)(http("POST /", { headers: form, body: "Action=CreateUser&UserName=evil&Version=2010-05-08" })),
        alive(http("GET /healthz"), 0),
        alive(http("GET /status"), 0),
      ],
      18333: certified,
      ...fullness,
    },
    database: { 5432: [login("mlflow"), login("postgres")], ...fullness },
    tracking: {
      5000: [
        login401(http("GET /", host)),
        login401(http("GET /api/2.0/mlflow/experiments/search?max_results=1", host)),
        login401(http("GET /ajax-api/2.0/mlflow/registered-models/search", host)),
        login401(
          http("POST /api/2.0/mlflow/registered-models/create", {
            headers: { ...host.headers, ...json },
            body: '{"name":"evil"}',
          }),
        ),
        login401(http("GET /api/2.0/mlflow-artifacts/artifacts?path=", host)),
        login401(http("POST /graphql", { headers: { ...host.headers, ...json }, body: "{}" })),
        alive(http("GET /health", host)),
      ],
    },
    argo: {
      6060: [alive(http("GET /healthz"))],
      9090: [counts(/^(argo|go|process|promhttp|target|otel)_/)],
    },
    scorer: { 8080: [alive(http("GET /readyz")), open(http("GET /metrics"))] },
    workbench: {
      8888: [
        denied(http("GET /api/contents")),
        denied(http("PUT /api/contents/evil.txt", { headers: json, body: '{"type":"file","format":"text","content":""}' })),
        denied(http("GET /api/kernels")),
        denied(http("POST /api/terminals")),
        refused(302, 403)(http("GET /lab")),
        alive(http("GET /api")),
      ],
      ...fullness,
    },
    prometheus: {
      9090: [
        login401(http("GET /api/v1/query?query=up")),
        login401(http("GET /metrics")),
        login401(http("GET /-/ready")),
        login401(http("POST /-/reload")),
        login401(http("POST /-/quit")),
      ],
      9095: [counts(/^(cyclops_rules|python|process)_/)],
    },
    alertmanager: {
      9093: [
        login401(http("GET /api/v2/alerts")),
        login401(http("POST /api/v2/silences", { headers: json, body: "{}" })),
        login401(http("GET /metrics")),
        login401(http("POST /-/reload")),
      ],
      ...fullness,
    },
    pushgateway: {
      9091: [
        login401(http("GET /metrics")),
        login401(http("PUT /metrics/job/evil", { body: "mlops_kpi 1\n" })),
        login401(http("DELETE /metrics/job/cyclops-monitor")),
        login401(http("GET /-/ready")),
      ],
      ...fullness,
    },
    grafana: {
      3000: [
        login401(http("GET /api/search")),
        login401(http("GET /api/datasources")),
        login401(http("POST /api/dashboards/db", { headers: json, body: "{}" })),
        alive(http("GET /api/health"), 200),
      ],
      9095: [counts(/^(cyclops_rules|python|process)_/)],
    },
    step: noPorts,
    credentials: noPorts,
    buckets: noPorts,
    users: noPorts,
  };
}
