import { createServer } from "node:net";
import { UserError } from "../errors";

const firstPort = 8080;
const triedPorts = 200;

/**
 * Ports for `count` scorers on this machine.
 *
 * @param wanted port of the first one; without it, free ports are searched from 8080 on
 * @throws UserError where a wanted port is taken
 */
export async function choosePorts(count: number, wanted: number | undefined): Promise<number[]> {
  const ports: number[] = [];
  const start = wanted ?? firstPort;
  for (let port = start; ports.length < count && port <= 65_535 && port < start + count + triedPorts; port++) {
    if (await isFree(port)) ports.push(port);
    else if (wanted !== undefined)
      throw new UserError(`The port ${port} is taken.`, "Give another one with --port, or leave it out.");
  }
  if (ports.length < count)
    throw new UserError(`No ${count} free ports were found from ${start} on.`, "Give another start with --port.");
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
