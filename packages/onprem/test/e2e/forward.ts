import { spawn } from "node:child_process";

/** Makes a Service reachable at a port of this machine, under the name localhost. @returns the port, and how to end it */
export function forward(namespace: string, service: string, port: number): Promise<{ port: number; stop: () => void }> {
  const child = spawn("kubectl", ["port-forward", "--namespace", namespace, `service/${service}`, `:${port}`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => void child.kill();
  return new Promise((resolve, reject) => {
    let problem = "";
    child.stderr.on("data", (chunk: Buffer) => {
      problem += chunk.toString();
    });
    child.stdout.on("data", (chunk: Buffer) => {
      const own = /127\.0\.0\.1:(\d+)/.exec(chunk.toString())?.[1];
      if (own !== undefined) resolve({ port: Number(own), stop });
    });
    child.on("close", (code) => reject(new Error(`kubectl port-forward of ${service} ended with ${code}\n${problem}`)));
  });
}
