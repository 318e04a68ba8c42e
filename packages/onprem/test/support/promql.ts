import { parser } from "@prometheus-io/lezer-promql";

/** A selector of series, as an expression has it. */
export interface SeriesSelector {
  readonly text: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** All selectors of an expression, those without matchers too. */
export function selectorsOf(expression: string): SeriesSelector[] {
  const selectors: SeriesSelector[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.name !== "VectorSelector") return;
      const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
      const part = (at: { from: number; to: number } | null) => (at === null ? "" : expression.slice(at.from, at.to));
      selectors.push({
        text: expression.slice(from, to),
        matchers: matchers.map((matcher) => ({
          label: part(matcher.getChild("LabelName")),
          operator: part(matcher.getChild("MatchOp")),
          value: JSON.parse(part(matcher.getChild("StringLiteral"))),
        })),
      });
    },
  });
  return selectors;
}

/** Whether a selector takes series with these labels; a label that is not among them may be anything. */
export const selects = ({ matchers }: SeriesSelector, labels: Readonly<Record<string, string>>): boolean =>
  matchers.every(({ label, operator, value }) => {
    const given = labels[label];
    if (given === undefined) return true;
    const same = operator.endsWith("~") ? new RegExp(`^(?:${value})$`).test(given) : given === value;
    return operator.startsWith("!") ? !same : same;
  });

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
