import { describe, expect, it } from "vitest";
import type { ProviderPackage } from "../contract/provider";
import { contractChecks } from "./contract/checks";
import type { ContractOptions } from "./contract/subject";

// Making a stack of a few hundred resources takes a second, and some rules make one for each spec of the corpus.
const timeout = 180_000;

/** Declares one test for each rule of the contract, titled with its number. */
export function describeContract(provider: ProviderPackage, options: ContractOptions): void {
  describe(`contract of ${provider.target}`, () => {
    it("has rules of security", () => {
      expect(options.security.length).toBeGreaterThan(0);
    });
    for (const { id, title, problems } of contractChecks(provider, options)) {
      it(`${id}: ${title}`, { timeout }, async () => {
        expect(await problems()).toEqual([]);
      });
    }
  });
}
