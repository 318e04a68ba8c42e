import { execFile } from "node:child_process";
import path from "node:path";

/** The Python of the runtime, whose packages the checks use. */
const python = path.resolve(__dirname, "../../../../runtime/.venv/bin/python");

/** Answer of a script of this folder to a JSON document. */
export function askPython<Answer>(script: string, question: unknown, interpreter = python): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = execFile(interpreter, [path.join(__dirname, script)], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${script}: ${stderr || error.message}`));
      else resolve(JSON.parse(stdout) as Answer);
    });
    child.stdin?.end(JSON.stringify(question));
  });
}
