import type { PriceRule } from '#community';
import { type SettleInput, settleInput, type SettleResult, settleTable } from '#studies';
import { alignedRows } from './aligned-rows.ts';
import type { FileVerb } from '../file-verb.ts';
import { readSlots } from './slot-readings.ts';

interface SettleOptions {
  readonly rule: PriceRule['kind'];
  readonly readings: string;
}

export const settleVerb: FileVerb<SettleInput, SettleOptions> = {
  schema: settleInput,
  run: async (input, output, { rule, readings }) => {
    const table = await readSlots(readings);
    const result = settleTable(rule, input, table);
    output.result(result, render(result));
  },
};

function render(result: SettleResult): string {
  const { bills, currencyDigits: digits } = result;
  const lost = result.shareable === 0 ? 0 : 100 * (1 - result.shared / result.shareable);
  return [
    `${result.slots} slots of ${result.resolutionMinutes} min, ${result.from} to ${result.to}, by ${result.rule}`,
    ...alignedRows([
      ['member', 'load kWh', 'fed in', 'bought', 'sold', 'bill', 'alone', 'saving'],
      ...bills.map(({ id, load, generation, bought, sold, amount, alone, saving }) => [
        id,
        ...[load, generation, bought, sold].map((energy) => energy.toFixed(3)),
        ...[amount, alone, saving].map((money) => money.toFixed(digits)),
      ]),
    ]),
    `${result.shared} of ${result.shareable} kWh shared (${lost.toFixed(1)} % not); retailers get ${result.retailer.toFixed(digits)}, the operator ${result.operator.toFixed(digits)}`,
  ].join('\n');
}
