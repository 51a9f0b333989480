import type { FeederReport } from './feeder.ts';
import type { MemberGain } from './gains.ts';

/** What a member traded, gained, and would be given. Received is positive. */
export interface DemoMember extends Omit<MemberGain, 'participantId' | 'postings'> {
  /** Its part of the surplus; null where it has none, or the method refused. */
  readonly shapleyMinor: number | null;
  readonly shapleyErrorMinor: number;
  readonly nashMinor: number | null;
}

interface Sharing {
  readonly surplusMinor: number;
  readonly aggregatorMinor: number;
  readonly refusal: string | null;
}

export type Row = readonly [label: string, value: string];

const amount = (minor: number | null): string => (minor === null ? '–' : (minor / 100).toFixed(2));
const kwh = (wh: number): string => (wh / 1_000).toFixed(2);

/** A line a member: what it saved, and what it would be given of the surplus. */
export function memberRows(
  {
    members,
    sharing,
  }: {
    readonly members: readonly DemoMember[];
    readonly sharing: Readonly<Record<'shapley' | 'nash', Sharing>>;
  },
  currency: string,
): Row[] {
  const { shapley, nash } = sharing;
  const refused = [shapley, nash].flatMap(({ refusal }) => refusal ?? []);
  return [
    ['  each, in ' + currency, 'saved | Shapley share | Nash share | bought, sold kWh'],
    ...members.map(({ site, savingsMinor, shapleyMinor, nashMinor, boughtWh, soldWh }): Row => [
      `  ${site}`,
      `${amount(savingsMinor)} | ${amount(shapleyMinor)} | ${amount(nashMinor)} | ${kwh(boughtWh)}, ${kwh(soldWh)}`,
    ]),
    [
      '  aggregator',
      `– | ${amount(shapley.aggregatorMinor)} | ${amount(nash.aggregatorMinor)} of a surplus of ${amount(shapley.surplusMinor)}; no money is moved`,
    ],
    ...refused.map((code): Row => ['  not shared', code]),
  ];
}

/** What became of the cleared trades on the feeder. */
export function feederRows(feeder: FeederReport | null): Row[] {
  if (feeder === null) return [['feeder', 'none']];
  const { name, hours, alone, withdrawnWh } = feeder;
  const lowest = Math.min(alone.lowestVoltage, ...hours.flatMap(({ lowestVoltage }) => lowestVoltage ?? []));
  const losses = hours.flatMap(({ lossKw }) => lossKw ?? []);
  const broken = hours.filter((hour) => hour.broken.length > 0).length;
  const limits = [...new Set(hours.flatMap(({ binding }) => binding))];
  const lost =
    losses.length === 0
      ? ''
      : `; losses ${Math.min(...losses).toFixed(3)}–${Math.max(...losses).toFixed(3)} kW (${alone.lossKw.toFixed(3)} without)`;
  return [
    ['feeder', `${name}, honoured by the session: ${hours.length} hours, limits broken in ${broken}`],
    ['  lowest voltage', `${lowest.toFixed(5)} pu${lost}`],
    ['  withdrawn', withdrawnWh === 0 ? 'nothing' : `${kwh(withdrawnWh)} kWh at ${limits.join(', ')}`],
  ];
}
