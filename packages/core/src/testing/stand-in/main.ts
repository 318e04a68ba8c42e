// The program of a stand-in: `node main.js <cloud> <folder of the SDK> <folder of its store> [address of the engine]`.
import { main } from "@pulumi/pulumi/provider";
import { clouds } from "./clouds";
import { StandInProvider } from "./provider";
import { SdkReader } from "./sdk/reader";
import { Store } from "./store";

const [name = "", sdk = "", folder = "", ...args] = process.argv.slice(2);
const cloud = clouds[name];
if (!cloud) throw new Error(`no stand-in for ${name}; there is one for ${Object.keys(clouds).join(", ")}`);
void main(new StandInProvider(cloud, new SdkReader(sdk), new Store(folder)), args);
