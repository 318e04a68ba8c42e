import type { URN } from "@pulumi/pulumi";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  InvokeResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider";
import { checkInputs, type Failure } from "./check";
import type { Cloud } from "./cloud";
import { automaticName, compute } from "./compute";
import { difference, nameInput } from "./diff";
import type { ResourceDescription, SdkReader } from "./sdk/reader";
import type { JournalEntry, Store } from "./store";
import { type Properties, plain } from "./values";

/** The type token of a URN, without those of its parents. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** Gives others their turn, so that calls interleave as they do where each of them takes its time. */
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** A provider that has no cloud behind it: what it makes is in a {@link Store}. It refuses what the cloud's own provider would. */
export class StandInProvider implements Provider {
  readonly version: string;

  constructor(
    readonly cloud: Cloud,
    readonly sdk: SdkReader,
    readonly store: Store,
  ) {
    this.version = sdk.version;
  }

  async check(urn: URN, olds: Properties | undefined, news: Properties): Promise<CheckResult> {
    const description = this.sdk.resource(typeOf(urn));
    const failures: Failure[] = description
      ? checkInputs(description, news, (name) => this.sdk.object(name))
      : [{ property: "", reason: `@pulumi/${this.cloud.package} ${this.version} has no resource ${typeOf(urn)}` }];
    this.#log("check", failures.length > 0 ? "refused" : "end", urn, { reason: failures[0]?.reason });
    return { inputs: description ? this.#withDefaults(description, urn, olds ?? {}, news) : news, failures };
  }

  async diff(_id: string, urn: URN, state: Properties, inputs: Properties): Promise<DiffResult> {
    const { changed, replaces, deleteBeforeReplace } = difference(
      this.#describe(urn),
      this.cloud,
      state,
      inputs,
      automaticName(this.#birth(urn)),
    );
    this.#log("diff", "end", urn, { changed, replaces });
    return { changes: changed.length > 0, replaces: [...replaces], deleteBeforeReplace };
  }

  async create(urn: URN, inputs: Properties): Promise<CreateResult> {
    this.#log("create", "begin", urn);
    await pause();
    const description = this.#describe(urn);
    const { id, state } = compute(description, this.cloud, { urn, before: this.store.births(urn) }, inputs);
    if (this.store.find(description.type, id)) {
      const reason = `${description.type} ${id} exists already`;
      this.#log("create", "refused", urn, { id, reason });
      throw new Error(reason);
    }
    this.store.put({ type: description.type, id, urn, inputs, state });
    this.#log("create", "end", urn, { id });
    return { id, outs: state };
  }

  async read(id: string, urn: URN): Promise<ReadResult> {
    const found = this.store.find(typeOf(urn), id);
    this.#log("read", "end", urn, { id });
    // Without an identifier the engine takes the resource for deleted.
    return found ? { id, props: found.state, inputs: found.inputs } : { id: "", props: {} };
  }

  async update(id: string, urn: URN, state: Properties, inputs: Properties): Promise<UpdateResult> {
    const description = this.#describe(urn);
    const { changed } = difference(description, this.cloud, state, inputs);
    this.#log("update", "begin", urn, { id, changed });
    await pause();
    if (!this.store.find(description.type, id)) {
      const reason = `${description.type} ${id} does not exist`;
      this.#log("update", "refused", urn, { id, reason });
      throw new Error(reason);
    }
    // The identifier of the state stays, and with it everything that was computed at birth.
    const { state: next } = compute(description, this.cloud, this.#birth(urn), inputs);
    this.store.put({ type: description.type, id, urn, inputs, state: next });
    this.#log("update", "end", urn, { id, changed });
    return { outs: next };
  }

  async delete(id: string, urn: URN): Promise<void> {
    this.#log("delete", "begin", urn, { id });
    await pause();
    this.store.remove(typeOf(urn), id);
    this.#log("delete", "end", urn, { id });
  }

  async invoke(token: string, args: Properties): Promise<InvokeResult> {
    const answer = this.cloud.invokes[token];
    this.store.log({ call: "invoke", phase: answer ? "end" : "refused", urn: "", token });
    if (!answer)
      throw new Error(
        this.sdk.hasFunction(token)
          ? `the stand-in of ${this.cloud.package} answers no ${token}: add it to its invokes`
          : `@pulumi/${this.cloud.package} ${this.version} has no function ${token}`,
      );
    return { outputs: answer(plainArguments(args), this.cloud) };
  }

  /** That of the newest resource of a URN. */
  #birth = (urn: string) => ({ urn, before: Math.max(0, this.store.births(urn) - 1) });

  #describe(urn: string): ResourceDescription {
    const description = this.sdk.resource(typeOf(urn));
    if (!description) throw new Error(`@pulumi/${this.cloud.package} ${this.version} has no resource ${typeOf(urn)}`);
    return description;
  }

  /** Inputs as the provider keeps them: with a name where the program gives none, and with the defaults of the type. */
  #withDefaults(description: ResourceDescription, urn: string, olds: Properties, news: Properties): Properties {
    const rules = this.cloud.resources[description.type];
    const name = nameInput(description, rules);
    const named =
      name !== undefined && news[name] === undefined && !description.inputs[name]?.required
        ? { [name]: olds[name] ?? automaticName({ urn, before: this.store.births(urn) }) }
        : {};
    const region = "region" in description.inputs && this.cloud.facts.region ? { region: this.cloud.facts.region } : {};
    return { ...region, ...rules?.defaults, ...named, ...news };
  }

  #log(call: JournalEntry["call"], phase: JournalEntry["phase"], urn: string, more: Partial<JournalEntry> = {}): void {
    this.store.log({ call, phase, urn, ...more });
  }
}

function plainArguments(args: Properties): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, plain(value)]));
}
