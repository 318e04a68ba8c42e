import type { PlatformBinding } from "../args";

/** Key of a component's model document in the models zone. The component's name tells models of two stacks on one platform apart. */
export const configKey = (model: string, component: string): string => `${model}/config/${component}.json`;

/** Address of a component's model document. */
export const configUri = ({ zones }: Pick<PlatformBinding, "zones">, model: string, component: string): string =>
  `${zones.models}/${configKey(model, component)}`;
