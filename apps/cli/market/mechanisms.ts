import { blockOrders, mechanismNamed, MECHANISMS } from '#market';
import type { Output } from '../output.ts';

const ALL = [...MECHANISMS, blockOrders];

export const mechanismNames: readonly string[] = ALL.map(({ name }) => name);

/** Options that the input names otherwise. */
const INPUT_NAMES: Readonly<Record<string, string>> = { priceCapPerMwh: 'priceCap', cancellations: 'cancel' };

/** What a mechanism takes, as the input names it. @throws MECHANISM_UNKNOWN */
export const optionsOf = (mechanism: string): readonly string[] =>
  mechanismNamed(mechanism).takes.map(inputName);

const inputName = (option: string): string => INPUT_NAMES[option] ?? option;

/** Every mechanism with what it promises, whose orders it takes and which options. */
export function listMechanisms(output: Output): void {
  const mechanisms = ALL.map(({ name, title, source, properties, traders, takes }) => ({
    name,
    title,
    source,
    ...properties,
    traders,
    options: takes.map(inputName),
  }));
  output.result(mechanisms, ALL.map(line).join('\n'));
}

function line({ name, source, properties }: (typeof ALL)[number]): string {
  const { individuallyRational, incentiveCompatible, budgetBalance, efficiency } = properties;
  const truthful = incentiveCompatible === 'prices' ? 'prices only' : yes(incentiveCompatible);
  return `${name}: rational ${yes(individuallyRational)}, truthful ${truthful}, budget ${budgetBalance}, welfare ${efficiency} (${source})`;
}

const yes = (holds: boolean): string => (holds ? 'yes' : 'no');
