import type { BacktestSummary } from '#forecasting';
import type { SessionResult } from './steps.ts';

/** What `npm run demo -- --json` prints. Energy in Wh, money in minor units, errors in kWh, emissions in kg CO2e. */
export interface DemoOutcome {
  /** Every integrity check held. Accuracy is none of them: it depends on the data. */
  readonly ok: boolean;
  readonly synthetic: boolean;
  readonly participants: number;
  readonly threshold: number;
  readonly uploadBytesPerSite: number;
  readonly bytesLeftPerSite: Readonly<Record<string, number>>;
  readonly encryptMs: number;
  readonly forecast: Omit<BacktestSummary, 'sites'> & { readonly days: number };
  readonly market: {
    readonly trades: number;
    readonly energyWh: number;
    readonly welfareMinor: number;
    readonly savingsMinor: number;
    readonly currency: string;
  };
  readonly ledger: { readonly entries: number; readonly verified: boolean };
  readonly carbon: { readonly locationKg: number; readonly marketKg: number };
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
const money = (minor: number, currency: string): string => `${(minor / 100).toFixed(2)} ${currency}`;

/** The table people read. */
export function renderOutcome(outcome: DemoOutcome, explore: string): string {
  const { forecast, market, carbon, ledger } = outcome;
  const sent = Object.entries(outcome.bytesLeftPerSite).map(([purpose, n]) => `${purpose} ${bytes(n)}`);
  const rows: [string, string][] = [
    ['data', outcome.synthetic ? 'SYNTHETIC (made up, seeded)' : 'yours'],
    [
      'firms, threshold',
      `${outcome.participants} firms; any ${outcome.threshold} decryptors open the sum, fewer open nothing`,
    ],
    [
      'left each site (largest)',
      `${bytes(outcome.uploadBytesPerSite)} in the federated round: ${sent.join(', ')}`,
    ],
    ['pack + encrypt (median)', `${outcome.encryptMs} ms a site`],
    [
      'forecast error (MAE)',
      `${forecast.mae.toFixed(4)} kWh personalised, ${forecast.maeGlobal.toFixed(4)} shared, over ${forecast.days} unseen days`,
    ],
    [
      '  against',
      `${forecast.maeNaive168.toFixed(4)} same hour last week, ${forecast.maeNaive24.toFixed(4)} yesterday, ${forecast.maeLocalOnly.toFixed(4)} local-only ridge (better at ${forecast.sitesBetterThanLocal} of ${outcome.participants} sites)`,
    ],
    ['  80 % interval covers', `${(100 * forecast.coverage80).toFixed(1)} %`],
    [
      'local market',
      `${market.trades} trades, ${kwh(market.energyWh)}, welfare ${money(market.welfareMinor, market.currency)}`,
    ],
    [
      'members save',
      `${money(market.savingsMinor, market.currency)} against trading with the retailer alone`,
    ],
    [
      'emissions of the day',
      `${carbon.locationKg.toFixed(2)} kg CO2e location-based, ${carbon.marketKg.toFixed(2)} kg market-based (two accounts, never added)`,
    ],
    ['ledger', `${ledger.entries} entries, ${ledger.verified ? 'verified' : 'NOT VERIFIED'}`],
    ['transcript', outcome.transcriptVerified ? 'verified offline' : 'NOT VERIFIED'],
    ['seconds', outcome.seconds.toFixed(1)],
  ];
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

/** Integrity: what must hold whatever the data. */
export function integrityChecks(facts: {
  readonly transcript: { readonly verified: boolean; readonly failed: string };
  readonly ledger: { readonly verified: boolean; readonly entries: number };
  readonly session: SessionResult;
  readonly releasedModel: string;
  readonly sitesModel: string;
  readonly hoursPublished: readonly number[];
  readonly deliveryHours: number;
  readonly attributedWh: number | null;
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
  ];
}
