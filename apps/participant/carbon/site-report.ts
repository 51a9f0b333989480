import {
  builtInFactor,
  type CarbonReport,
  gridFactor,
  localGenerationFactor,
  makeReport,
  REPORT_FORMAT,
  type ReportResolution,
  reportMethodNamed,
  SCOPE2_METHOD,
} from '#carbon';
import {
  contains,
  DomainError,
  HOUR_MS,
  type Interval,
  interval,
  isoInstant,
  localDay,
  parseInstant,
} from '#core';
import { SessionJournal } from '../market/session-journal.ts';
import type { SiteNode } from '../node/node.ts';
import { PlatformClient } from '../node/platform-client.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { ReadingStore } from '../readings/reading-store.ts';
import { gridOf, meteredImports, purchasesOf } from './day-sources.ts';
import { attributedByHour, type LocalPurchase, type MeteredImport } from './member-day.ts';

export interface SiteReportOptions {
  /** First local day, or an instant. */
  readonly from: string;
  /** The day after the last, or an instant; exclusive. */
  readonly to: string;
  /** Of local days; that of the imported files when absent. */
  readonly zone?: string;
  readonly resolution: ReportResolution;
}

interface ReportNode extends Pick<SiteNode, 'client' | 'readings'> {
  readonly enrolment: Pick<SiteNode['enrolment'], 'participantId' | 'legalId'>;
  readonly identity: Pick<SiteNode['identity'], 'signing'>;
  /** Own sessions of days that reach into it. */
  readonly sessionsWithin: (span: Interval) => readonly string[];
}

/**
 * The signed report of a site's own hours, from its readings. Only dates and sessions are asked of the platform: the grid's
 * intensity, and what of own purchases was delivered.
 * @throws DATA_DIR_IN_USE while the node runs, NOT_ENROLLED, ZONE_MISSING, SERIES_UNKNOWN, REPORT_*, PLATFORM_UNAVAILABLE
 */
export async function reportOfSite(path: string, options: SiteReportOptions): Promise<CarbonReport> {
  const directory = new SiteDirectory(path);
  const enrolment = directory.enrolment();
  const identity = await directory.identity();
  const readings = await ReadingStore.open(path);
  try {
    const { participantId, platformUrl } = enrolment;
    const client = new PlatformClient(platformUrl, {
      participantId,
      privateKey: identity.signing.privateKey,
    });
    const journal = new SessionJournal(directory);
    const sessionsWithin = (span: Interval): string[] => journal.sessionsWithin(span);
    return await siteReport({ client, readings, enrolment, identity, sessionsWithin }, options);
  } finally {
    await readings.close();
  }
}

/** @throws as reportOfSite */
export async function siteReport(node: ReportNode, options: SiteReportOptions): Promise<CarbonReport> {
  const { client, enrolment, readings, identity } = node;
  const zone = options.zone ?? (await readings.dataset())?.zone ?? null;
  if (zone === null)
    throw new DomainError('ZONE_MISSING', 'expected --zone, as the imported files name none, got nothing');
  const period = interval(startOf(zone, options.from), startOf(zone, options.to));
  const { grid, source } = await gridOf(client, period);
  const local = localGenerationFactor(grid.basis, period.startMs);
  // Nothing that ends after the period is asked for.
  const clock = { nowMs: () => period.endMs };
  const metered = await meteredImports({ readings, clock }, period);
  const purchases = await purchasesWithin(node, period);
  const starts = metered.map(({ intervalStartMs }) => intervalStartMs);
  const { participantId, legalId } = enrolment;
  return makeReport(
    {
      format: REPORT_FORMAT,
      subject: { name: legalId, participantId },
      period: { start: isoInstant(period.startMs), end: isoInstant(period.endMs), zone },
      resolution: options.resolution,
      method: SCOPE2_METHOD,
      parameters: { grid: grid.id, local: local.id },
      factors: [gridFactor(source, grid, starts), builtInFactor(local)],
      inputs: rowsOf(metered, attributedByHour(purchases)),
    },
    reportMethodNamed(SCOPE2_METHOD),
    { participantId, ...identity.signing },
  );
}

/** A local day begins at its midnight. */
export const startOf = (zone: string, text: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? localDay(zone, text).startMs : parseInstant(text);

async function purchasesWithin(
  { client, enrolment, sessionsWithin }: ReportNode,
  period: Interval,
): Promise<LocalPurchase[]> {
  const purchases: LocalPurchase[] = [];
  for (const session of sessionsWithin(period)) {
    const ofSession = await purchasesOf(client, session, enrolment.participantId, period);
    purchases.push(...ofSession);
  }
  return purchases.filter(({ intervalStartMs: startMs }) =>
    contains(period, interval(startMs, startMs + HOUR_MS)),
  );
}

const rowsOf = (metered: readonly MeteredImport[], attributedWh: ReadonlyMap<number, number>) =>
  metered.map(({ intervalStartMs, importWh }) => ({
    start: isoInstant(intervalStartMs),
    importWh,
    attributedWh: attributedWh.get(intervalStartMs) ?? 0,
    gridCarbonFreeShare: null,
  }));
