import { readFileSync, writeFileSync } from "node:fs";
import { withSection } from "./table";

/**
 * Compares a target's part of a document with what a test has found, and writes it where `UPDATE_CHANGES=1`.
 *
 * @param command how to write it, for the message
 * @returns what is wrong; empty where the part is as it should be
 */
export function documentProblems(file: string, target: string, content: string, command: string): string[] {
  const before = readFileSync(file, "utf8");
  const after = withSection(before, target, content);
  if (after === before) return [];
  if (process.env.UPDATE_CHANGES === "1") {
    writeFileSync(file, after);
    return [];
  }
  const lines = before.split("\n");
  const news = after.split("\n").filter((line) => !lines.includes(line));
  return [`${file} is out of date; write it anew with: UPDATE_CHANGES=1 ${command}`, ...news];
}
