import { localGenerationFactor } from '#carbon';
import type { Interval } from '#core';
import type { SiteNode } from '../node/node.ts';
import { gridOf, meteredImports, purchasesOf } from './day-sources.ts';
import { memberDay } from './member-day.ts';
import { type EmissionsPublication, emissionsPublication } from './publication.ts';

/** What of a site's node this needs. */
interface EmissionsNode extends Pick<SiteNode, 'client' | 'readings' | 'clock'> {
  readonly enrolment: Pick<SiteNode['enrolment'], 'participantId'>;
  readonly identity: { readonly signing: Pick<SiteNode['identity']['signing'], 'privateKey'> };
}

const PUBLISH = `mutation Publish($input: PublishEmissionsInput!) { publishEmissions(input: $input) { version } }`;

/** Answers with what was published before, if anything was; else with what it makes. */
type Remembered = (make: () => Promise<EmissionsPublication>) => Promise<EmissionsPublication>;

/**
 * Computes the day's emissions from this site's own readings and publishes their totals. Nothing of a single hour leaves.
 * @throws SERIES_UNKNOWN without a grid series of the day, EMISSIONS_EMPTY without readings.
 */
export async function publishDayEmissions(
  node: EmissionsNode,
  sessionId: string,
  day: Interval,
  remembered: Remembered = (make) => make(),
): Promise<{ locationGrams: number; marketGrams: number; hours: number }> {
  const input = await remembered(() => dayEmissions(node, sessionId, day));
  await node.client.request(PUBLISH, { input }, { purpose: 'emissions' });
  const { locationGrams, marketGrams, hours } = input;
  return { locationGrams, marketGrams, hours };
}

async function dayEmissions(
  node: EmissionsNode,
  sessionId: string,
  day: Interval,
): Promise<EmissionsPublication> {
  const { client, enrolment, identity } = node;
  const { grid } = await gridOf(client, day);
  const factor = localGenerationFactor(grid.basis, day.startMs);
  const purchases = await purchasesOf(client, sessionId, enrolment.participantId, day);
  const result = memberDay(day, await meteredImports(node, day), purchases, { grid, factor });
  const publisher = { participantId: enrolment.participantId, privateKey: identity.signing.privateKey };
  return emissionsPublication(publisher, result);
}
