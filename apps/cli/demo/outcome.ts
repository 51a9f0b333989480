import type { BacktestSummary } from '#forecasting';
import type { DemoReport } from './carbon-report.ts';
import type { FeederReport } from './feeder.ts';
import { feederRows, type DemoMember, memberRows, type Row } from './member-rows.ts';
import type { SessionResult } from './steps.ts';

/** What `npm run demo -- --json` prints. Energy in Wh, money in minor units, errors in kWh, emissions in kg CO2e. */
export interface DemoOutcome {
  /** Every integrity check held. Accuracy is none of them: it depends on the data. */
  readonly ok: boolean;
  readonly synthetic: boolean;
  /** Whose readings are the user's among made-up ones; null: nobody's. */
  readonly joined: string | null;
  readonly participants: number;
  readonly threshold: number;
  readonly uploadBytesPerSite: number;
  readonly bytesLeftPerSite: Readonly<Record<string, number>>;
  readonly encryptMs: number;
  readonly forecast: Omit<BacktestSummary, 'sites'> & { readonly days: number };
  readonly market: {
    readonly mechanism: string;
    readonly trades: number;
    readonly energyWh: number;
    /** Null where few have set the price of a slot: it would tell their limits. */
    readonly welfareMinor: number | null;
    readonly savingsMinor: number;
    /** What buyers paid beyond what sellers received. */
    readonly marketMinor: number;
    readonly currency: string;
  };
  /** Each from its own settlement, in the order of the sites. */
  readonly members: readonly DemoMember[];
  /** The surplus of the session by each method, and why there are no shares where there are none. */
  readonly sharing: Readonly<
    Record<
      'shapley' | 'nash',
      { readonly surplusMinor: number; readonly aggregatorMinor: number; readonly refusal: string | null }
    >
  >;
  /** Null without a feeder. */
  readonly feeder: FeederReport | null;
  readonly ledger: { readonly entries: number; readonly verified: boolean };
  readonly carbon: {
    readonly locationKg: number;
    readonly marketKg: number;
    /** Of the member that could account for the fewest: an hour needs a reading and a grid intensity. */
    readonly hours: number;
    readonly deliveryHours: number;
    /** Of one member; its files are kept with --keep. */
    readonly report: DemoReport;
  };
  readonly transcriptVerified: boolean;
  readonly checks: readonly DemoCheck[];
  readonly seconds: number;
}

export interface DemoCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const bytes = (n: number): string => (n >= 1e6 ? `${(n / 1e6).toFixed(2)} MB` : `${(n / 1e3).toFixed(1)} kB`);
const kwh = (wh: number): string => `${(wh / 1_000).toFixed(2)} kWh`;
const meanError = (valueKwh: number): string => `${valueKwh.toFixed(4)} kWh`;
const money = (minor: number, currency: string): string => `${(minor / 100).toFixed(2)} ${currency}`;

function forecastRows({ forecast, participants }: DemoOutcome): Row[] {
  const { mae, maeGlobal, maeLocalOnly, maeNaive24, maeNaive168, sitesBetterThanLocal, days } = forecast;
  return [
    ['forecast error (MAE)', `${meanError(mae)} personalised, mean over sites and ${days} unseen days`],
    ['  shared model', meanError(maeGlobal)],
    [
      '  local-only ridge',
      `${meanError(maeLocalOnly)} (personalised is better at ${sitesBetterThanLocal} of ${participants} sites)`,
    ],
    ['  same hour yesterday', meanError(maeNaive24)],
    ['  same hour last week', meanError(maeNaive168)],
    ['  skill', `${forecast.skill.toFixed(3)} (1 − error / that of the better of these two)`],
    [
      '  80 % interval covers',
      `${(100 * forecast.coverage80).toFixed(1)} %, ${meanError(forecast.width80)} wide`,
    ],
  ];
}

const dataText = ({ synthetic, joined }: Pick<DemoOutcome, 'synthetic' | 'joined'>): string => {
  if (!synthetic) return 'yours';
  return joined === null
    ? 'SYNTHETIC (made up, seeded)'
    : `${joined} is yours, its neighbours are SYNTHETIC (made up, seeded)`;
};

function roundRows({ participants, threshold, ...outcome }: DemoOutcome): Row[] {
  const sent = Object.entries(outcome.bytesLeftPerSite)
    .toSorted(([, a], [, b]) => b - a)
    .map(([purpose, n]) => `${purpose} ${bytes(n)}`);
  return [
    ['data', dataText(outcome)],
    [
      'firms, threshold',
      `${participants} firms; any ${threshold} decryptors open the sum, fewer open nothing`,
    ],
    ['left each site (largest)', `${bytes(outcome.uploadBytesPerSite)} in the federated round`],
    ['  most of it', sent.slice(0, 3).join(', ')],
    ['pack + encrypt (median)', `${outcome.encryptMs} ms a site`],
  ];
}

function dayRows({ market, carbon, ledger, ...outcome }: DemoOutcome): Row[] {
  const { mechanism, trades, energyWh, welfareMinor, savingsMinor, marketMinor, currency } = market;
  const { locationKg, marketKg, hours, deliveryHours } = carbon;
  const gaps: Row[] =
    hours < deliveryHours ? [['  gaps', `only ${hours} of ${deliveryHours} hours at some member`]] : [];
  return [
    [
      'local market',
      `${mechanism}: ${trades} trades, ${kwh(energyWh)}, welfare as bid ${welfareMinor === null ? 'withheld' : money(welfareMinor, currency)}`,
    ],
    ['  left in the market', `${money(marketMinor, currency)} (paid by buyers, not received by sellers)`],
    ['members save', `${money(savingsMinor, currency)} in traded hours, against the retailer alone`],
    ...memberRows(outcome, currency),
    ...feederRows(outcome.feeder),
    [
      'emissions of the day',
      `${locationKg.toFixed(2)} kg CO2e location-based, ${marketKg.toFixed(2)} kg market-based (never added)`,
    ],
    ...gaps,
    [
      '  report of one member',
      `${carbon.report.member}: ${carbon.report.verified ? 'verified offline' : 'NOT VERIFIED'}, hash ${carbon.report.hash.slice(0, 16)}…`,
    ],
    ['ledger', `${ledger.entries} entries, ${ledger.verified ? 'verified' : 'NOT VERIFIED'}`],
    ['transcript', outcome.transcriptVerified ? 'verified offline' : 'NOT VERIFIED'],
    ['seconds', outcome.seconds.toFixed(1)],
  ];
}

/** The table people read; the checks that failed stand below it by name. */
export function renderOutcome(outcome: DemoOutcome, explore: string): string {
  const rows = [...roundRows(outcome), ...forecastRows(outcome), ...dayRows(outcome)];
  const width = Math.max(...rows.map(([label]) => label.length));
  const failed = outcome.checks
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => `  FAILED ${name}: ${detail}`);
  return [
    ...rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
    ...failed,
    '',
    `Explore: ${explore}`,
  ].join('\n');
}

function conservationChecks({
  conservationFaults,
  sharingFaults,
}: {
  readonly conservationFaults: readonly string[];
  readonly sharingFaults: readonly string[];
}): DemoCheck[] {
  return [
    {
      name: 'energy and money conserved',
      ok: conservationFaults.length === 0,
      detail: conservationFaults.join('; ') || 'to the unit',
    },
    {
      name: 'surplus shared',
      ok: sharingFaults.length === 0,
      detail: sharingFaults.join('; ') || 'to the unit, each member seeing its own share',
    },
  ];
}

/** Integrity: what must hold whatever the data. */
export function integrityChecks(facts: {
  readonly transcript: { readonly verified: boolean; readonly failed: string };
  readonly ledger: { readonly verified: boolean; readonly entries: number };
  readonly session: SessionResult;
  readonly releasedModel: string;
  readonly sitesModel: string;
  readonly hoursPublished: readonly number[];
  readonly deliveryHours: number;
  readonly report: DemoReport;
  readonly attributedWh: number | null;
  readonly conservationFaults: readonly string[];
  readonly sharingFaults: readonly string[];
}): DemoCheck[] {
  const { transcript, ledger, session } = facts;
  return [
    { name: 'transcript', ok: transcript.verified, detail: transcript.failed || 'every check holds' },
    {
      name: 'one model',
      ok: facts.releasedModel === facts.sitesModel,
      detail: `released ${facts.releasedModel}, at the sites ${facts.sitesModel}`,
    },
    { name: 'ledger chain', ok: ledger.verified, detail: `${ledger.entries} entries` },
    {
      name: 'settled',
      ok: session.state === 'SETTLED' && session.missingDeliveries === 0,
      detail: `${session.state}, ${session.missingDeliveries} statements missing`,
    },
    {
      name: 'settlement posted',
      ok: session.tradeCount === 0 || ledger.entries > 0,
      detail: `${session.tradeCount} trades, ${ledger.entries} entries`,
    },
    ...conservationChecks(facts),
    {
      name: 'attributes conserved',
      ok: facts.attributedWh === null || facts.attributedWh <= session.tradedWh,
      detail: `${facts.attributedWh ?? 'suppressed'} Wh attributed of ${session.tradedWh} Wh traded`,
    },
    {
      name: 'emissions of every member',
      ok: facts.hoursPublished.every((hours) => hours <= facts.deliveryHours && hours > 0),
      detail: `hours ${facts.hoursPublished.join(', ')} of ${facts.deliveryHours}`,
    },
    {
      name: 'carbon report',
      ok: facts.report.verified,
      detail: `of ${facts.report.member}, hash ${facts.report.hash}`,
    },
  ];
}
