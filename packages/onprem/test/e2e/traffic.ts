/** What a client has seen. */
export interface Seen {
  readonly requests: number;
  /** Number of answers by status; 0 stands for a connection that failed. */
  readonly statuses: Record<string, number>;
  /** Number of answers by model version. */
  readonly versions: Record<string, number>;
}

/** Sends one request after the other from a few clients until `stop` is called; at most for five minutes. */
export function traffic(url: string, body: () => unknown, clients = 2): { stop: () => Promise<Seen> } {
  const statuses: Record<string, number> = {};
  const versions: Record<string, number> = {};
  let requests = 0;
  let going = true;
  const end = Date.now() + 300_000;
  const client = async () => {
    while (going && Date.now() < end) {
      requests += 1;
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body()),
      }).catch(() => undefined);
      await answer?.text().catch(() => undefined);
      const status = String(answer?.status ?? 0);
      statuses[status] = (statuses[status] ?? 0) + 1;
      const version = answer?.headers.get("x-cyclops-model-version") ?? "none";
      versions[version] = (versions[version] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const running = Array.from({ length: clients }, client);
  return {
    stop: async () => {
      going = false;
      await Promise.all(running);
      return { requests, statuses, versions };
    },
  };
}
