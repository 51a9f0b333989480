import { marginalStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

export const marginalVerb = studyVerb(marginalStudy, ({ all, byHourOfDay }) =>
  tableText(
    ['hour UTC', 'marginal kg/MWh', 'standard error', 'R²', 'differences'],
    [all, ...byHourOfDay].map((each) => [
      each.hourOfDay === null ? 'all' : String(each.hourOfDay),
      each.kgPerMwh,
      each.standardError,
      each.rSquared,
      each.differences,
    ]),
  ),
);
