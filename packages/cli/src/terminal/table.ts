/** A cell: its text, and what paints it once its width is known. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);

/**
 * Rows as aligned columns, two blanks apart; the last column is not padded.
 *
 * @param right indices of columns that are aligned to the right (numbers)
 */
export function renderTable(rows: readonly (readonly Cell[])[], { indent = "", right = [] as readonly number[] } = {}): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textOf(cell).length);
    });
  }
  const line = (row: readonly Cell[]): string =>
    row
      .map((cell, column) => {
        const text = textOf(cell);
        const width = widths[column] ?? 0;
        const last = column === row.length - 1;
        const padded = right.includes(column) ? text.padStart(width) : last ? text : text.padEnd(width);
        return typeof cell === "string" ? padded : cell.paint(padded);
      })
      .join("  ");
  return rows.map((row) => `${indent}${line(row)}`.trimEnd()).join("\n");
}

/** `1 resource`, `2 resources`, `2,000 resources`. */
export const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${amount.toLocaleString("en-US")} ${amount === 1 ? noun : plural}`;

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
