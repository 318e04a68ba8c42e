import { type KpiId, kpiIds } from "../kpi/catalogue";

/**
 * KPIs that a document leaves out. Every target's dashboard and alert document is held against it.
 *
 * Hand it what makes the document work, not its prose: the queries of a dashboard's panels, or the metric of each alert. A text that merely
 * mentions a KPI would count.
 *
 * @param document text or texts in which the ids of the KPIs stand as words of their own
 * @param ids KPIs that it must have. @default - all fifteen
 */
export function missingKpis(document: string | readonly string[], ids: readonly KpiId[] = kpiIds): KpiId[] {
  const words = new Set([document].flat().flatMap((text) => text.match(/\w+/g) ?? []));
  return ids.filter((id) => !words.has(id));
}
