#!/usr/bin/env node
// npm links a command only when its file is there: this one is in the repository, what it loads is built.
require("../dist/main.js");
