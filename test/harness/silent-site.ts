import { fixedClock, HOUR_MS } from '#core';
import type { FederationLoop } from '../../apps/participant/federation/federation-loop.ts';
import { MarketLoop } from '../../apps/participant/market/market-loop.ts';
import type { SiteNode } from '../../apps/participant/node/node.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import { SiteDirectory } from '../../apps/participant/node/site-directory.ts';

/**
 * One pass over the market of a node that was away: it has a model, and reads the same load in each hour.
 * @returns what it reports
 */
export async function passOf(path: string, nowMs: number, loadKwh: number): Promise<string[]> {
  const directory = new SiteDirectory(path);
  const identity = await directory.identity();
  const enrolment = directory.enrolment();
  const { participantId, platformUrl } = enrolment;
  const reports: string[] = [];
  const node = {
    directory,
    identity,
    enrolment: { ...enrolment, publish: { ...enrolment.publish, emissions: false, scores: false } },
    client: new PlatformClient(platformUrl, { participantId, privateKey: identity.signing.privateKey }),
    readings: {
      columns: async () => ['load_kwh'],
      revision: async () => 'only',
      hourly: async (_: string, { startMs, endMs }: { startMs: number; endMs: number }) => ({
        startMs,
        values: new Float64Array((endMs - startMs) / HOUR_MS).fill(loadKwh),
      }),
    },
    clock: fixedClock(nowMs),
    report: (event: string) => void reports.push(event),
  } as unknown as SiteNode;
  const model = { epochs: { validation: { endMs: nowMs } } };
  await new MarketLoop(node, { model } as unknown as FederationLoop).step();
  return reports;
}
