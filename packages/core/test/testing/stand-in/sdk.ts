import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Files of an SDK as Pulumi's generator writes them, cut to what is read. */
const files: Readonly<Record<string, string>> = {
  "package.json": `{"name": "@pulumi/cloud", "version": "1.2.3"}`,
  "store/box.js": `
class Box extends pulumi.CustomResource {
    /** @internal */
    static __pulumiType = 'cloud:store/box:Box';
    constructor(name, argsOrState, opts) {
        let resourceInputs = {};
        opts = opts || {};
        if (opts.id) {
            const state = argsOrState;
            resourceInputs["arn"] = state?.arn;
            resourceInputs["stateOnly"] = state?.stateOnly;
        }
        else {
            const args = argsOrState;
            if (args?.size === undefined && !opts.urn) {
                throw new Error("Missing required property 'size'");
            }
            resourceInputs["name"] = args?.name;
            resourceInputs["description"] = (args?.description) ?? "Managed by Pulumi";
            resourceInputs["region"] = args?.region;
            resourceInputs["size"] = args?.size;
            resourceInputs["locks"] = args?.locks;
            resourceInputs["password"] = args?.password ? pulumi.secret(args.password) : undefined;
            resourceInputs["policy"] = pulumi.output(args?.policy).apply(JSON.stringify);
            resourceInputs["tags"] = args?.tags;
            resourceInputs["arn"] = undefined /*out*/;
            resourceInputs["count"] = undefined /*out*/;
            resourceInputs["key"] = undefined /*out*/;
            resourceInputs["tagsAll"] = undefined /*out*/;
        }
        opts = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts);
        const secretOpts = { additionalSecretOutputs: ["key", "password"] };
        opts = pulumi.mergeOptions(opts, secretOpts);
        super(Box.__pulumiType, name, resourceInputs, opts);
    }
}
`,
  "store/box.d.ts": `
export declare class Box extends pulumi.CustomResource {
    static get(name: string, id: pulumi.Input<pulumi.ID>, state?: BoxState, opts?: pulumi.CustomResourceOptions): Box;
    /**
     * Not a property: readonly pretended: string;
     */
    readonly arn: pulumi.Output<string>;
    readonly count: pulumi.Output<number>;
    readonly key: pulumi.Output<string>;
    readonly tagsAll: pulumi.Output<{
        [key: string]: string;
    }>;
    constructor(name: string, args: BoxArgs, opts?: pulumi.CustomResourceOptions);
}
export interface BoxState {
    stateOnly?: pulumi.Input<string | undefined>;
}
/**
 * The set of arguments for constructing a Box resource.
 */
export interface BoxArgs {
    name?: pulumi.Input<string | undefined>;
    description?: pulumi.Input<string | undefined>;
    region?: pulumi.Input<string | undefined>;
    /**
     * In litres.
     */
    size: pulumi.Input<number>;
    locks?: pulumi.Input<pulumi.Input<inputs.store.BoxLock>[] | undefined>;
    password?: pulumi.Input<string | undefined>;
    policy?: pulumi.Input<string | PolicyDocument | undefined>;
    tags?: pulumi.Input<{
        [key: string]: pulumi.Input<string>;
    } | undefined>;
}
`,
  // Upper case in the token, none in the file's name, as with \`aws:guardduty/iPSet:IPSet\`.
  "store/ipset.js": `
class IPSet extends pulumi.CustomResource {
    static __pulumiType = 'cloud:store/iPSet:IPSet';
    constructor(name, argsOrState, opts) {
        if (opts.id) {
        }
        else {
            resourceInputs["entries"] = args?.entries;
        }
    }
}
`,
  "native/v20260101/box.js": `
class Box extends pulumi.CustomResource {
    static __pulumiType = 'cloud:native/v20260101:Box';
    constructor(name, args, opts) {
        let resourceInputs = {};
        if (!opts.id) {
            if (args?.size === undefined && !opts.urn) {
                throw new Error("Missing required property 'size'");
            }
            resourceInputs["size"] = args?.size;
            resourceInputs["location"] = args ? pulumi.output(args.location).apply(v => v ?? "here") : undefined;
            resourceInputs["state"] = undefined /*out*/;
        }
        else {
            resourceInputs["size"] = undefined /*out*/;
            resourceInputs["state"] = undefined /*out*/;
        }
    }
}
`,
  "redis/redis.js": `
class Redis extends pulumi.CustomResource {
    static __pulumiType = 'cloud:redis:Redis';
    constructor(name, args, opts) {
        if (!opts.id) {
            resourceInputs["size"] = args?.size;
        }
        else {
        }
    }
}
`,
  "getPlace.js": `
function getPlace(args, opts) {
    return pulumi.runtime.invoke("cloud:index/getPlace:getPlace", {}, opts);
}
`,
  "types/input.d.ts": `
import * as inputs from "../types/input";
export interface Standalone {
    flag: pulumi.Input<boolean>;
}
export declare namespace store {
    interface BoxLock {
        /**
         * A combination.
         */
        code: pulumi.Input<string>;
        wheels?: pulumi.Input<number | undefined>;
        spare?: pulumi.Input<inputs.store.BoxLockSpare | undefined>;
    }
    interface BoxLockSpare {
        labels: pulumi.Input<{
            [key: string]: pulumi.Input<string>;
        }>;
        kind?: pulumi.Input<string | enums.store.Kind | undefined>;
    }
    namespace v20260101 {
        interface Deep {
            level: pulumi.Input<number>;
        }
    }
}
`,
};

/** Writes that SDK into a folder of its own; `clean` deletes it. */
export function writeSdk() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cyclops-sdk-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return { folder, clean: () => rmSync(folder, { recursive: true }) };
}
