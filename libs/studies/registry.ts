import { DomainError } from '#core';
import { bidsStudy } from './bids.ts';
import { peersStudy, portraitStudy, sectorsStudy, trendStudy } from './carbon-analytics.ts';
import { certificatesStudy } from './carbon-certificates.ts';
import { cfeStudy } from './carbon-cfe.ts';
import { allowancesStudy } from './carbon-allowances.ts';
import { marginalStudy } from './carbon-marginal.ts';
import { traceStudy } from './carbon-trace.ts';
import { carbonReportStudy } from './carbon-report.ts';
import { inventoryStudy } from './carbon-inventory.ts';
import { residualMixStudy } from './carbon-residual-mix.ts';
import { intensityForecastStudy } from './carbon-intensity-forecast.ts';
import { leversStudy } from './carbon-levers.ts';
import { windowStudy } from './carbon-window.ts';
import { clearStudies } from './clearing.ts';
import { designStudy } from './design.ts';
import { dispatchStudy } from './dispatch.ts';
import { feesStudy } from './fees.ts';
import { GAME_KINDS, gameStudy } from './game.ts';
import { hubStudy } from './hub.ts';
import { networkStudies } from './network.ts';
import { PRICE_RULES } from './price-input.ts';
import { priceStudy } from './price.ts';
import { resilienceStudy } from './resilience.ts';
import { settleStudy } from './settle.ts';
import { SHARE_METHODS, shareStudy } from './share.ts';
import { STORAGE_METHODS, storageStudy } from './storage.ts';
import type { Study } from './study.ts';

/** Everything that can be asked for, each verb's methods beside each other. */
export const STUDIES: readonly Study[] = [
  ...SHARE_METHODS.map(shareStudy),
  dispatchStudy,
  ...Object.values(networkStudies),
  ...GAME_KINDS.map(gameStudy),
  ...clearStudies,
  ...PRICE_RULES.map(priceStudy),
  ...STORAGE_METHODS.map(storageStudy),
  hubStudy,
  resilienceStudy,
  designStudy,
  feesStudy,
  ...PRICE_RULES.map(settleStudy),
  bidsStudy,
  portraitStudy,
  trendStudy,
  peersStudy,
  sectorsStudy,
  certificatesStudy,
  cfeStudy,
  allowancesStudy,
  traceStudy,
  marginalStudy,
  carbonReportStudy,
  inventoryStudy,
  residualMixStudy,
  intensityForecastStudy,
  windowStudy,
  leversStudy,
];

/** @throws STUDY_KIND_UNKNOWN */
export function studyNamed(verb: string, method: string | null): Study {
  const study = STUDIES.find((each) => each.verb === verb && each.method === method);
  if (study !== undefined) return study;
  const methods = STUDIES.flatMap((each) => (each.verb === verb ? [each.method ?? 'none'] : []));
  const expected =
    methods.length > 0
      ? `a method of ${verb} (${methods.join(', ')})`
      : `a verb (${[...new Set(STUDIES.map((each) => each.verb))].join(', ')})`;
  throw new DomainError('STUDY_KIND_UNKNOWN', `expected ${expected}, got another`, 'invalid');
}
