import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exitCodes, UserError } from "./errors";
import { renderError } from "./terminal/problems";
import { styleOf } from "./terminal/style";

// Only commander and this file are on the start path: every command loads its own code when it runs.
const targetNames = ["aws", "gcp", "azure", "onprem"] as const;
const defaultSpecFile = "mlops.yaml";

/** Runs the command line and returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  const program = build((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    process.stderr.write(`${renderError(error, styleOf(process.stderr))}\n`);
    return error instanceof UserError ? error.exitCode : exitCodes.problem;
  }
}

type Report = (exitCode: number) => void;

function build(report: Report): Command {
  const program = new Command("cyclops")
    .description("MLOps infrastructure as code: one spec, declared natively on AWS, Google Cloud, Azure and Kubernetes.")
    .version(version(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .showHelpAfterError("(cyclops --help lists the commands)")
    .exitOverride()
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 something for you to mend, 2 wrong command line, 3 refused by the gate, 4 rolled back.",
    );
  addValidate(program, report);
  addPlan(program, report);
  addDev(program, report);
  addMonitor(program, report);
  addInit(program, report);
  addDoctor(program, report);
  return program;
}

const specOption = () => new Option("-s, --spec <file>", "the stack spec").default(defaultSpecFile);
const workdirOption = () =>
  new Option("-w, --workdir <folder>", "folder for zones, models, logs and the MLflow database").default(
    ".cyclops",
    ".cyclops beside the spec",
  );
const jsonOption = () => new Option("--json", "print the result as JSON on stdout");

function addValidate(program: Command, report: Report): void {
  program
    .command("validate")
    .description("check a spec and say what it asks for")
    .argument("[file]", "the stack spec", defaultSpecFile)
    .addOption(new Option("-s, --spec <file>", "the same, as other commands take it"))
    .addOption(new Option("-t, --target <target>", "also check what this target can do").choices(targetNames))
    .addOption(jsonOption())
    .action(async (file: string, options: { spec?: string; target?: (typeof targetNames)[number]; json?: boolean }) => {
      const { validate } = await import("./commands/validate.js");
      report(validate({ file: options.spec ?? file, target: options.target, json: options.json ?? false }));
    });
}

function addPlan(program: Command, report: Report): void {
  program
    .command("plan")
    .description("show every resource of a stack, without credentials, engine or cluster")
    .addOption(specOption())
    .addOption(
      new Option("-t, --target <target>", "the target, or all that exist").choices([...targetNames, "all"]).makeOptionMandatory(),
    )
    .addOption(new Option("--bindings <file>", "YAML file with further arguments of MlopsStack"))
    .addOption(new Option("--config <file>", "Pulumi.STACK.yaml whose configuration applies"))
    .addOption(new Option("--stack <name>", "Pulumi stack, which stands in physical names (default: the spec's environment)"))
    .addOption(jsonOption())
    .addOption(new Option("--html <file>", "write one self-contained page"))
    .addOption(new Option("--date <text>", "date shown on the page; without it, equal plans make equal pages"))
    .action(
      async (options: {
        spec: string;
        target: (typeof targetNames)[number] | "all";
        bindings?: string;
        config?: string;
        stack?: string;
        json?: boolean;
        html?: string;
        date?: string;
      }) => {
        const { plan } = await import("./commands/plan.js");
        report(await plan({ ...options, json: options.json ?? false }));
      },
    );
}

function addDev(program: Command, report: Report): void {
  program
    .command("dev")
    .description("train, serve and watch the models on this machine")
    .addOption(specOption())
    .addOption(new Option("-m, --model <name>", "only this model; more than one may be given").argParser(collect))
    .addOption(new Option("--once", "stop when everything has run (default where no terminal is)").conflicts("keepServing"))
    .addOption(new Option("--keep-serving", "serve until Ctrl-C (default on a terminal)"))
    .addOption(
      new Option(
        "-p, --port <number>",
        "port of the first scorer; the next ones follow (default: the first free one from 8080 on)",
      ).argParser(port),
    )
    .addOption(workdirOption())
    .addOption(new Option("--approve", "approve new versions without asking"))
    .addOption(
      new Option("--bake <duration>", "how long a new version is watched; longer times of the spec are cut to it").default("5s"),
    )
    .addOption(jsonOption())
    .action(
      async (options: {
        spec: string;
        model?: string[];
        once?: boolean;
        keepServing?: boolean;
        port?: number;
        workdir: string;
        approve?: boolean;
        bake: string;
        json?: boolean;
      }) => {
        const { dev } = await import("./commands/dev.js");
        report(
          await dev({ ...options, models: options.model ?? [], approve: options.approve ?? false, json: options.json ?? false }),
        );
      },
    );
}

function addMonitor(program: Command, report: Report): void {
  program
    .command("monitor")
    .description("report the KPIs of models that `dev` has trained once more, with the labels that have come since")
    .addOption(specOption())
    .addOption(new Option("-m, --model <name>", "only this model; more than one may be given").argParser(collect))
    .addOption(workdirOption())
    .addOption(jsonOption())
    .action(async (options: { spec: string; model?: string[]; workdir: string; json?: boolean }) => {
      const { monitor } = await import("./commands/monitor.js");
      report(await monitor({ ...options, models: options.model ?? [], json: options.json ?? false }));
    });
}

function addInit(program: Command, report: Report): void {
  program
    .command("init")
    .description("start a project: spec, Pulumi program and example data")
    .argument("[directory]", "where to put it", ".")
    .addOption(new Option("-t, --target <target>", "the target of the program").choices(targetNames).default("onprem"))
    .addOption(new Option("-n, --name <name>", "name of the stack and of its model (default: the folder's name)"))
    .action(async (directory: string, options: { target: (typeof targetNames)[number]; name?: string }) => {
      const { init } = await import("./commands/init.js");
      report(init({ directory, ...options }));
    });
}

function addDoctor(program: Command, report: Report): void {
  program
    .command("doctor")
    .description("tell what is installed and reachable, and how to mend what is not")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import("./commands/doctor.js");
      report(await doctor({ json: options.json ?? false }));
    });
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

function port(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
  return number;
}

function version(): string {
  return (require("../package.json") as { version: string }).version;
}
