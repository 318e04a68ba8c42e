#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Entry of the `cyclops` command. Older Nodes cannot load what it is built on: they get one sentence, not a stack trace.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `error: cyclops needs Node 22.12 or newer, and this is Node ${process.versions.node}. Install Node 24, or run it by an npm script of a project that has the package "node".\n`,
  );
  process.exitCode = 1;
} else {
  // Most of a cold start is loading Pulumi's SDK: its compiled form is kept between runs.
  enableCompileCache();
  void import("./program.js")
    .then(({ run }) => run(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    });
}
