import type { RecordedResource, RecorderMocks } from "../plan";

/** Computed outputs by type token. */
export type StateByType = Readonly<Record<string, (resource: RecordedResource) => Record<string, unknown>>>;

/** Mocks from a table of computed outputs; resources whose type it does not name compute nothing. */
export function mocksOf(states: StateByType, call?: RecorderMocks["call"]): RecorderMocks {
  return {
    resource: (resource) => {
      const state = states[resource.type]?.(resource);
      return state ? { state } : {};
    },
    ...(call ? { call } : {}),
  };
}
