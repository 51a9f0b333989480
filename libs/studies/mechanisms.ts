import { blockOrders, mechanismNamed, MECHANISMS } from '#market';

/** What `market clear` can do. */
export const CLEARING_MECHANISMS = [...MECHANISMS, blockOrders];

/** Options that the input names otherwise. */
const INPUT_NAMES: Readonly<Record<string, string>> = { priceCapPerMwh: 'priceCap', cancellations: 'cancel' };

/** Options of a mechanism as the input names them. */
export const inputNames = (options: readonly string[]): readonly string[] =>
  options.map((option) => INPUT_NAMES[option] ?? option);

/** What a mechanism takes, as the input names it. @throws MECHANISM_UNKNOWN */
export const optionsOf = (mechanism: string): readonly string[] =>
  inputNames(mechanismNamed(mechanism).takes);
