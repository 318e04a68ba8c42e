import { loadSpec, MlopsStack } from "@cyclops/aws"; // retargeting changes this line and nothing else

const stack = new MlopsStack("churn", { spec: loadSpec("../mlops.yaml") });

export const { endpointUrls, dashboardUrls, trackingUri } = stack;
