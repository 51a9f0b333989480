import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CarbonReport, factorById, reportBytes } from '#carbon';
import { fixedClock, type Interval, isoInstant } from '#core';
import { memberDay } from '../../apps/participant/carbon/member-day.ts';
import {
  type EmissionsPublication,
  emissionsPublication,
} from '../../apps/participant/carbon/publication.ts';
import {
  type InventoryTerms,
  type OwnInventory,
  ownInventory,
} from '../../apps/participant/carbon/own-inventory.ts';
import { publishDayEmissions } from '../../apps/participant/carbon/publish-day.ts';
import { sendReport } from '../../apps/participant/carbon/publish-report.ts';
import { siteReport } from '../../apps/participant/carbon/site-report.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import { importReadings } from '../../apps/participant/readings/import-readings.ts';
import { ReadingStore } from '../../apps/participant/readings/reading-store.ts';
import { DAY, hour } from './market-day.ts';
import type { TestOrganisation, TestPlatform } from './platform.ts';

/** What a node signs for a flat import in every hour of the day at 0.4 kg/kWh, 500 Wh of it bought with attributes. */
export function flatPublication(
  { participant }: TestOrganisation,
  importWh: number,
  seriesId: string,
): Promise<EmissionsPublication> {
  const hours = Array.from({ length: 23 }, (_, n) => hour(n));
  const metered = hours.map((intervalStartMs) => ({ intervalStartMs, importWh }));
  const purchases = [{ intervalStartMs: hour(0), boughtWh: 1_000, attributedWh: 500 }];
  const kgCo2ePerKwhByHour = new Map(hours.map((startMs) => [startMs, '0.4']));
  const grid = { id: seriesId, basis: 'direct', kgCo2ePerKwhByHour } as const;
  const factor = factorById('pv-rooftop/direct/ipcc-ar5');
  return emissionsPublication(
    { participantId: participant.id, privateKey: participant.signingKey.privateKey },
    memberDay(DAY, metered, purchases, { grid, factor }),
  );
}

/** A node of a participant that took part in a session, with `csv` in a store of its own, for as long as `work` takes. */
async function withStore<T>(
  { url }: TestPlatform,
  { participant }: TestOrganisation,
  { sessionId, csv }: { sessionId: string; csv: string },
  work: (node: Parameters<typeof publishDayEmissions>[0] & Parameters<typeof siteReport>[0]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'gridcommons-site-'));
  const file = join(directory, 'meter.csv');
  await writeFile(file, csv);
  await importReadings(directory, file, { format: 'csv' });
  const readings = await ReadingStore.open(directory);
  const { id: participantId, signingKey } = participant;
  try {
    return await work({
      client: new PlatformClient(url, { participantId, privateKey: signingKey.privateKey }),
      readings,
      clock: fixedClock(DAY.endMs),
      enrolment: { participantId, legalId: 'DE-HRB-7' },
      sessionsWithin: () => [sessionId],
      identity: { signing: signingKey },
    });
  } finally {
    await readings.close();
    await rm(directory, { recursive: true });
  }
}

/**
 * Publishes the day's emissions of a session, twice, as after a restart, and makes the report of the day and shows it, twice as
 * well, and then another of the same day.
 */
export const publishFromStore = (
  platform: TestPlatform,
  organisation: TestOrganisation,
  sessionId: string,
  csv: string,
): Promise<{ published: object[]; report: CarbonReport; shown: object[] }> =>
  withStore(platform, organisation, { sessionId, csv }, async (node) => {
    const published = [
      await publishDayEmissions(node, sessionId, DAY),
      await publishDayEmissions(node, sessionId, DAY),
    ];
    const [from, to] = [isoInstant(DAY.startMs), isoInstant(DAY.endMs)];
    const terms = { from, to, zone: 'Europe/Berlin' };
    const report = await siteReport(node, { ...terms, resolution: 'day' });
    const restated = await siteReport(node, { ...terms, resolution: 'total' });
    const { publicKey } = organisation.participant.signingKey;
    const show = (each: CarbonReport) => sendReport(node.client, reportBytes(each), publicKey);
    return { published, report, shown: [await show(report), await show(report), await show(restated)] };
  });

/** The inventory of a period. */
export const inventoryFromStore = (
  platform: TestPlatform,
  organisation: TestOrganisation,
  {
    session: sessionId,
    csv,
    period = DAY,
    terms = {},
  }: { session: string; csv: string; period?: Interval; terms?: InventoryTerms },
): Promise<OwnInventory> =>
  withStore(platform, organisation, { sessionId, csv }, (node) => ownInventory(node, period, terms));
