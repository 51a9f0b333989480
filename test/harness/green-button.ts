/** A reading as a document writes it. */
export interface WrittenReading {
  readonly start?: number | string;
  readonly duration?: number;
  readonly value?: number | string;
  readonly cost?: number;
  readonly quality?: number;
}

const element = (name: string, value: number | string | undefined): string =>
  value === undefined ? '' : `<${name}>${value}</${name}>`;

const readingOf = ({ start, duration, value, cost, quality }: WrittenReading): string =>
  `<IntervalReading>${element('cost', cost)}${quality === undefined ? '' : `<ReadingQuality><quality>${quality}</quality></ReadingQuality>`}
   <timePeriod>${element('duration', duration)}${element('start', start)}</timePeriod>${element('value', value)}</IntervalReading>`;

const entry = (self: string, up: string, related: readonly string[], content: string): string =>
  `<entry><link rel="self" href="${self}"/><link rel="up" href="${up}"/>${related.map((href) => `<link rel="related" href="${href}"/>`).join('')}<content>${content}</content></entry>`;

/** Codes of a reading type by the names of ESPI. */
export type TypeCodes = Readonly<Record<string, number>>;

interface Meter {
  readonly type: TypeCodes;
  readonly readings: readonly WrittenReading[];
  readonly blockStart?: number;
}

/** A feed with one usage point, and a meter reading, a reading type and an interval block for each of `meters`. */
export function greenButtonFeed(meters: readonly Meter[], more = '', service = 0): string {
  const point = 'UsagePoint/1';
  const entries = meters.map(({ type, readings, blockStart }, i) => {
    const meter = `${point}/MeterReading/${i}`;
    const codes = Object.entries(type).map(([name, code]) => element(name, code));
    const interval = blockStart === undefined ? '' : `<interval>${element('start', blockStart)}</interval>`;
    return [
      entry(meter, `${point}/MeterReading`, [`${meter}/IntervalBlock`, `ReadingType/${i}`], '<MeterReading/>'),
      entry(`ReadingType/${i}`, 'ReadingType', [], `<ReadingType>${codes.join('')}</ReadingType>`),
      entry(`${meter}/IntervalBlock/0`, `${meter}/IntervalBlock`, [], `<IntervalBlock>${interval}${readings.map(readingOf).join('')}</IntervalBlock>`),
    ].join('');
  }); // prettier-ignore
  const usage = entry(point, 'UsagePoint', [`${point}/MeterReading`, `${point}/UsageSummary`], `<UsagePoint><ServiceCategory><kind>${service}</kind></ServiceCategory></UsagePoint>`); // prettier-ignore
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">${usage}${entries.join('')}${more}</feed>`;
}

/** What the publisher says a billing period came to. */
export const summaryEntry = (start: number, duration: number, wh: number): string =>
  entry('UsagePoint/1/UsageSummary/1', 'UsagePoint/1/UsageSummary', [], `<UsageSummary><billingPeriod>${element('duration', duration)}${element('start', start)}</billingPeriod>
    <overallConsumptionLastPeriod><powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom>${element('value', wh)}</overallConsumptionLastPeriod></UsageSummary>`); // prettier-ignore
