import { kubectl } from "./cluster";
import { until } from "./command";
import { makeStranger, stranger } from "./stranger";

/** What a client has seen. */
export interface Answers {
  readonly requests: number;
  /** Seconds that it sent. */
  readonly seconds: number;
  /** Everything but 200, with the time since its start. */
  readonly failures: readonly string[];
}

/**
 * Sends a request every 50 ms, each by a connection of its own, until it is told to stop: what a change does to the endpoint a new
 * connection notices first. At most for half an hour.
 */
const sending = `
import json, os, sys, threading, time, urllib.request
url, body = sys.argv[1], sys.argv[2].encode()
begin, failures, count, lock = time.monotonic(), [], [0], threading.Lock()
def send():
    at = time.monotonic() - begin
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
            problem = None if answer.status == 200 else answer.status
    except Exception as error:
        problem = repr(error)
    with lock:
        count[0] += 1
        if problem is not None:
            failures.append(f"{at:.1f} s: {problem}")
threads = []
while not os.path.exists("/tmp/stop") and time.monotonic() - begin < 1800:
    thread = threading.Thread(target=send)
    thread.start()
    threads.append(thread)
    threads = [each for each in threads if each.is_alive()]
    time.sleep(max(0.0, begin + 0.05 * (count[0] + len(threads)) - time.monotonic()))
seconds = time.monotonic() - begin
for thread in threads:
    thread.join()
print("ANSWERS " + json.dumps({"requests": count[0], "seconds": seconds, "failures": failures}), flush=True)
`;

const namespace = "e2e-client";

/** A client in a namespace of its own, as an application is. */
export async function clientPod(image: string, url: string, body: unknown): Promise<{ stop: () => Promise<Answers> }> {
  await makeStranger(namespace, image, ["-c", sending, url, JSON.stringify(body)]);
  return {
    stop: async () => {
      await kubectl("exec", "--namespace", namespace, stranger, "--", "touch", "/tmp/stop");
      const line = await until("the client to end", 60, async () => {
        const log = await kubectl("logs", "--namespace", namespace, stranger);
        return log.split("\n").find((text) => text.startsWith("ANSWERS "));
      });
      await kubectl("delete", "namespace", namespace, "--wait=true");
      return JSON.parse(line.slice(8));
    },
  };
}
