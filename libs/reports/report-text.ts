import type { CarbonReport, ReportTotal } from '#carbon';
import { kilograms } from './quantity-text.ts';

/** The report for a terminal. */
export function reportText(report: CarbonReport): string {
  const { subject, period, method, total, flags, dataQuality, hash, signature } = report;
  const { countedRows, expectedRows } = dataQuality;
  return [
    `${subject.name}, ${period.start} to ${period.end}`,
    ...total.map(totalText),
    `method ${method}, ${countedRows} of ${expectedRows} rows, ${flags.length} flags`,
    `hash ${hash}, ${signature === null ? 'not signed' : `signed by ${signature.publicKey}`}`,
  ].join('\n');
}

const totalText = ({ scope, carrier, account, grams, quantity, unit }: ReportTotal): string =>
  `  scope ${scope} ${carrier}${account === null ? '' : `, ${account}-based`}: ${kilograms(grams)} kg CO2e of ${quantity} ${unit}`;
