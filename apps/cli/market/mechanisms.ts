import { CLEARING_MECHANISMS, inputNames } from '#studies';
import type { Output } from '../output.ts';

/** Every mechanism with what it promises, whose orders it takes and which options. */
export function listMechanisms(output: Output): void {
  const mechanisms = CLEARING_MECHANISMS.map(({ name, title, source, properties, traders, takes }) => ({
    name,
    title,
    source,
    ...properties,
    traders,
    options: inputNames(takes),
  }));
  output.result(mechanisms, CLEARING_MECHANISMS.map(line).join('\n'));
}

function line({ name, source, properties }: (typeof CLEARING_MECHANISMS)[number]): string {
  const { individuallyRational, incentiveCompatible, budgetBalance, efficiency } = properties;
  const truthful = incentiveCompatible === 'prices' ? 'prices only' : yes(incentiveCompatible);
  return `${name}: rational ${yes(individuallyRational)}, truthful ${truthful}, budget ${budgetBalance}, welfare ${efficiency} (${source})`;
}

const yes = (holds: boolean): string => (holds ? 'yes' : 'no');
