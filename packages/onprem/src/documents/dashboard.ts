import type { MonitoredModel } from "./monitored-model";

/** A dashboard of Grafana as plain JSON. */
export type Dashboard = Readonly<Record<string, unknown>>;

/** Dashboard of one model. */
export function modelDashboard(model: MonitoredModel): Dashboard {
  return { title: model.model };
}

/** Every query of a dashboard, for whoever wants to run them. */
export function dashboardQueries(_dashboard: Dashboard): string[] {
  return [];
}
