import { parser } from "@prometheus-io/lezer-promql";

/** Where an expression is no PromQL, by the grammar of Prometheus' own editor; empty where it is. */
export function promqlProblems(expression: string): string[] {
  const problems: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from }) => {
      if (type.isError) problems.push(`"${expression}": unexpected at ${from}: "${expression.slice(from, from + 20)}"`);
    },
  });
  return problems;
}
