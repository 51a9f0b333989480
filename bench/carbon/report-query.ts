/* What an analyst asks of published emissions, by the service behind the GraphQL query `emissions`. */
import { randomUUID } from 'node:crypto';
import { DAY_MS } from '#core';
import { sampleQuantile } from '#forecasting';
import { randomSource, uniform } from '#learning';
import type { Database } from '#persistence';
import { EmissionsService } from '../../apps/platform/carbon/emissions.service.ts';
import type { EmissionsArgs } from '../../apps/platform/carbon/emissions.types.ts';
import type { Principal } from '../../apps/platform/pipeline/principal.ts';
import { MEMBERS_AN_ORGANISATION, START_MS } from './community.ts';
import { rounded, type Show } from './networks.ts';

const REQUESTS = 200;
/** Of each kind, unmeasured. */
const WARM_UP = 3;
const MONTH_DAYS = 30;

interface Published {
  readonly members: number;
  readonly days: number;
}

interface Member {
  readonly id: string;
  readonly organisationId: string;
}

/** From 0 to below `range`. */
type Draw = (range: number) => number;
type Question = (published: Published, asked: Member, draw: Draw) => EmissionsArgs;

const daysFrom = (first: number, count: number): { from: number; to: number } => ({
  from: START_MS + first * DAY_MS,
  to: START_MS + (first + count) * DAY_MS,
});
const yearOf = ({ days }: Published) => ({ ...daysFrom(0, days), zone: 'UTC' });

/** Each within the 10 000 published days that a query may add up. */
const QUESTIONS = {
  memberYear: (published, { id }) => ({
    ...yearOf(published),
    participantIds: [id],
    resolution: 'month',
    by: 'participant',
  }),
  organisationYear: (published, { organisationId }) => ({
    ...yearOf(published),
    organisationIds: [organisationId],
    resolution: 'month',
    by: 'participant',
    account: 'market',
  }),
  organisationMonth: ({ days }, { organisationId }, draw) => ({
    ...daysFrom(draw(Math.max(1, days - MONTH_DAYS)), MONTH_DAYS),
    zone: 'UTC',
    organisationIds: [organisationId],
    resolution: 'day',
    by: 'organisation',
  }),
  communityDay: ({ days }, _asked, draw) => ({
    ...daysFrom(draw(days), 1),
    zone: 'UTC',
    resolution: 'day',
    by: 'organisation',
  }),
} as const satisfies Record<string, Question>;

type Kind = keyof typeof QUESTIONS;
const KINDS = Object.keys(QUESTIONS) as Kind[];

function percentiles(ms: readonly number[]): { p50Ms: number; p99Ms: number } {
  const sorted = ms.toSorted((a, b) => a - b);
  return { p50Ms: rounded(sampleQuantile(sorted, 0.5)), p99Ms: rounded(sampleQuantile(sorted, 0.99)) };
}

/** One analyst, one question after the other, kinds in turn, of members and days drawn from a fixed seed. */
export async function measureReportQuery(
  database: Database,
  published: Published,
  show: Show,
): Promise<object> {
  const service = new EmissionsService(database);
  const members = await database.asSystem((manager) =>
    manager.query<Member[]>('SELECT id, tenant_id AS "organisationId" FROM participant ORDER BY id'),
  );
  const next = randomSource(1);
  const draw: Draw = (range) => Math.floor(uniform(next) * range);
  const { organisationId } = members[0]!;
  const analyst: Principal = { kind: 'member', id: randomUUID(), organisationId, roles: ['analyst'] };
  const ask = async (kind: Kind): Promise<number> => {
    const args = QUESTIONS[kind](published, members[draw(members.length)]!, draw);
    const started = performance.now();
    const { sums } = await service.table(analyst, args);
    const ms = performance.now() - started;
    if (sums.length === 0) throw new Error(`expected sums of ${kind}, got none`);
    return ms;
  };
  for (let i = 0; i < WARM_UP * KINDS.length; i += 1) await ask(KINDS[i % KINDS.length]!);
  const samples = new Map(KINDS.map((kind) => [kind, [] as number[]]));
  for (let i = 0; i < REQUESTS; i += 1) {
    const kind = KINDS[i % KINDS.length]!;
    samples.get(kind)!.push(await ask(kind));
  }
  const all = percentiles([...samples.values()].flat());
  show(`inventory  ${REQUESTS} report queries  p50 ${all.p50Ms} ms, p99 ${all.p99Ms} ms`);
  return {
    requests: REQUESTS,
    publishedDays: published.members * published.days,
    membersAnOrganisation: MEMBERS_AN_ORGANISATION,
    ...all,
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, percentiles(samples.get(kind)!)])),
  };
}
