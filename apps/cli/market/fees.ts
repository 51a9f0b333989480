import { type FeesResult, feesStudy } from '#studies';
import { alignedRows } from './aligned-rows.ts';
import { studyVerb } from '../file-verb.ts';

export const feesVerb = studyVerb(feesStudy, render);

function render({ clearing, tradePrices, fees, buyerPays, sellerGets }: FeesResult): string {
  const rows = Object.entries(tradePrices).map(([name, paid]) => [name, String(paid), String(fees[name])]);
  return [
    clearing === null ? 'no trade: the bid does not cover offer and fees' : `clears at ${clearing}`,
    ...alignedRows([['market', 'changes hands', 'fee'], ...rows]),
    `the buyer pays ${buyerPays}, the seller gets ${sellerGets}`,
  ].join('\n');
}
