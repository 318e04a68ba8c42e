import { loadSpec, Platform } from "@cyclops/onprem";

const platform = new Platform("fleet", { spec: loadSpec("mlops.yaml") });

/** What model stacks read: names and addresses, no secret. */
export const { binding, trackingUri, workbenchUrls } = platform;
