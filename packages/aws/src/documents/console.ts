import type { Place } from "./place";

/** Address of a service in the console of AWS. */
function consoleUrl({ region, partition }: Pick<Place, "region" | "partition">, service: string): string {
  const hosts: Readonly<Record<string, string>> = {
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
  };
  return `https://${region}.${hosts[partition] ?? "console.aws.amazon.com"}/${service}/home?region=${region}`;
}

/** Address at which a user opens the workbench. */
export const studioUrl = (place: Place, domain: string, profile: string): string =>
  `${consoleUrl(place, "sagemaker")}#/studio/${domain}/user/${profile}`;

/** Address of a dashboard. */
export const dashboardUrl = (place: Place, name: string): string =>
  `${consoleUrl(place, "cloudwatch")}#dashboards/dashboard/${name}`;
