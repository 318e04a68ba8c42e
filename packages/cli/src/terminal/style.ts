import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Colours for one stream: none unless it is a terminal, and none where NO_COLOR is set. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** The style of a stream. */
export function styleOf(stream: NodeJS.WriteStream): Style {
  const wanted = stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const paint = (format: Format) => (text: string) => (wanted ? styleText(format, text, { validateStream: false }) : text);
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    green: paint("green"),
    yellow: paint("yellow"),
    cyan: paint("cyan"),
  };
}

/** A style that changes nothing: for files, JSON and tests. */
export const plainStyle: Style = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  green: (text) => text,
  yellow: (text) => text,
  cyan: (text) => text,
};

/** Whether a person sits before the command. Continuous integration may have a terminal, but nobody answers there. */
export const isInteractive = (): boolean => Boolean(process.stdin.isTTY && process.stderr.isTTY) && !process.env.CI;
