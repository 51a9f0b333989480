import { bidsStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

export const bidsVerb = studyVerb(bidsStudy, ({ unit, bids }) =>
  tableText(
    ['side', unit, 'price'],
    bids.map(({ side, quantity, price }) => [side, quantity, price]),
  ),
);
