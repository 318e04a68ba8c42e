import { describe, expectTypeOf, it } from "vitest";
import type * as z from "zod";
import type { ResolvedStackSpec, StackSpec, stackSpecSchema } from "../../src";

// tsc proves these: a difference between interface and schema fails `npm run check`.
describe("the schema mirrors the interfaces", () => {
  it("takes what StackSpec allows, and nothing else", () => {
    expectTypeOf<z.input<typeof stackSpecSchema>>().toEqualTypeOf<StackSpec>();
  });

  it("gives a spec that can be given again", () => {
    expectTypeOf<ResolvedStackSpec>().toExtend<StackSpec>();
  });
});
