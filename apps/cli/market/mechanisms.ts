import { type Mechanism, MECHANISMS } from '#market';
import type { Output } from '../output.ts';

export const mechanismNames: readonly string[] = MECHANISMS.map(({ name }) => name);

/** Every mechanism with what it promises, whose orders it takes and which options. */
export function listMechanisms(output: Output): void {
  const mechanisms = MECHANISMS.map(({ name, title, source, properties, traders, takes }) => ({
    name,
    title,
    source,
    ...properties,
    traders,
    options: takes.map((option) => (option === 'priceCapPerMwh' ? 'priceCap' : option)),
  }));
  output.result(mechanisms, MECHANISMS.map(line).join('\n'));
}

function line({ name, source, properties }: Mechanism): string {
  const { individuallyRational, incentiveCompatible, budgetBalance, efficiency } = properties;
  const truthful = incentiveCompatible === 'prices' ? 'prices only' : yes(incentiveCompatible);
  return `${name}: rational ${yes(individuallyRational)}, truthful ${truthful}, budget ${budgetBalance}, welfare ${efficiency} (${source})`;
}

const yes = (holds: boolean): string => (holds ? 'yes' : 'no');
