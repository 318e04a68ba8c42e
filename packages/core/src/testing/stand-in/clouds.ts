import { aws } from "./aws";
import type { Cloud } from "./cloud";

/** The clouds that have a stand-in, by the name of their provider. */
export const clouds: Readonly<Record<string, Cloud>> = { aws };
