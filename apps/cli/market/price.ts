import { type PriceResult, priceStudy } from '#studies';
import type { PriceRule } from '#community';
import { alignedRows } from './aligned-rows.ts';
import { studyVerb } from '../file-verb.ts';

export const priceVerb = (rule: PriceRule['kind']) => studyVerb(priceStudy(rule), render);

function render(
  { buyPrice, sellPrice, bills, shared, shareable }: PriceResult,
  { unit }: { readonly unit: string },
): string {
  return [
    `buy at ${buyPrice}, sell at ${sellPrice} per ${unit}; ${shared} of ${shareable} ${unit} shared`,
    ...alignedRows([
      ['member', 'bill', 'alone', 'bought', 'sold'],
      ...bills.map(({ id, amount, alone, bought, sold }) => [
        id,
        ...[amount, alone, bought, sold].map(String),
      ]),
    ]),
  ].join('\n');
}
