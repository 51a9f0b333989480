import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '#core';
import { slotQuantiles, slotsOf } from '#market';
import { deviceCurves, readSiteDevices } from '../../apps/participant/market/device-curves.ts';
import { signedOrders, submitOrders } from '../../apps/participant/market/signed-orders.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import { SiteDirectory } from '../../apps/participant/node/site-directory.ts';
import { DAY, TERMS, ZONE } from './market-day.ts';
import type { TestOrganisation, TestPlatform } from './platform.ts';

export interface SiteBid {
  /** Hours of the day whose net demand is this for certain, Wh. */
  readonly netWh: readonly number[];
  /** Its `devices.json`; null for none. */
  readonly devices: object | null;
}

/** Bids for a session as the node of a site does whose forecast is `netWh`. @returns what it reports */
export async function bidFromSite(
  { url }: TestPlatform,
  { participant }: TestOrganisation,
  sessionId: string,
  { netWh, devices }: SiteBid,
): Promise<string[]> {
  const directory = new SiteDirectory(await mkdtemp(join(tmpdir(), 'gridcommons-site-')));
  const { id: participantId, signingKey } = participant;
  const signer = { participantId, privateKey: signingKey.privateKey };
  const reports: string[] = [];
  try {
    if (devices) await writeFile(directory.file('devices.json'), JSON.stringify(devices));
    const hours = netWh.map((wh, n) => ({ startMs: DAY.startMs + n * HOUR_MS, p10Wh: wh, p50Wh: wh, p90Wh: wh })); // prettier-ignore
    const slots = slotsOf(DAY, 60);
    const session = { ...TERMS, id: sessionId, mechanism: 'uniform-price', unitWh: null };
    const known = readSiteDevices(directory);
    const day = { ...session, day: DAY, minutes: 60, zone: ZONE, hours, slots } as const;
    const node = { report: (event: string) => void reports.push(event) };
    const curveOf = known && (await deviceCurves(node, known, day));
    const orders = await signedOrders(signer, session, slotQuantiles(hours, slots), curveOf ?? undefined);
    await submitOrders(new PlatformClient(url, signer), sessionId, orders);
    return reports;
  } finally {
    await rm(directory.path, { recursive: true });
  }
}
