import * as pulumi from "@pulumi/pulumi";

/** Inputs of everything that the fake target has. */
export interface FakeArgs {
  name?: pulumi.Input<string>;
  tags?: Record<string, pulumi.Input<string>>;
  public?: pulumi.Input<boolean>;
  settings?: pulumi.Input<unknown>;
  password?: pulumi.Input<string>;
}

/** Like a class of a generated SDK: named inputs only, and computed outputs. */
abstract class FakeResource extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;
  declare public readonly address: pulumi.Output<string>;

  constructor(type: string, name: string, args: FakeArgs, opts?: pulumi.CustomResourceOptions) {
    const { name: physical, tags, public: open, settings, password } = args;
    super(`fake:index:${type}`, name, { name: physical, tags, public: open, settings, password, address: undefined }, opts);
  }
}

export class Bucket extends FakeResource {
  constructor(name: string, args: FakeArgs, opts?: pulumi.CustomResourceOptions) {
    super("Bucket", name, args, opts);
  }
}

export class Service extends FakeResource {
  constructor(name: string, args: FakeArgs, opts?: pulumi.CustomResourceOptions) {
    super("Service", name, args, opts);
  }
}

/** Cannot carry tags. */
export class Role extends FakeResource {
  constructor(name: string, args: FakeArgs, opts?: pulumi.CustomResourceOptions) {
    super("Role", name, args, opts);
  }
}

/** Computes an address, as the target would. */
export const computed = (resource: { readonly name: string }) => ({ address: `https://${resource.name}.fake.example.com` });
