import { busesOf, type DemoFeeder, type FeederSlot } from './feeder.ts';
import type { PlatformApi } from './platform-api.ts';
import type { Member } from './steps.ts';

const ADD = 'mutation ($input: AddFeederInput!) { addFeeder(input: $input) { id } }';

/** Stores the feeder with every member at a bus of it. @returns the feeder's id */
export async function placeMembers(
  api: PlatformApi,
  feeder: DemoFeeder,
  members: readonly Member[],
): Promise<string> {
  const buses = new Map(
    busesOf(
      feeder,
      members.map(({ name }) => name),
    ).map(({ site, bus }) => [site, bus]),
  );
  const connections = members.map(({ name, participantId }) => ({ participantId, bus: buses.get(name)! }));
  const input = { name: 'demo', network: feeder.network, connections };
  const { addFeeder } = await api.request<{ addFeeder: { id: string } }>(ADD, { input });
  return addFeeder.id;
}

const SLOTS = `query ($id: ID!) {
  marketClearings(sessionId: $id, first: 100) { edges { node { startsAt network { withdrawnWh binding } } } }
}`;

interface Answer {
  readonly marketClearings: {
    readonly edges: readonly {
      readonly node: { readonly startsAt: string; readonly network: Omit<FeederSlot, 'startsAt'> };
    }[];
  };
}

/** What the platform says of each hour on the feeder; a day has at most 25. */
export async function feederSlots(api: PlatformApi, id: string): Promise<FeederSlot[]> {
  const { marketClearings } = await api.request<Answer>(SLOTS, { id });
  return marketClearings.edges.map(({ node: { startsAt, network } }) => ({ startsAt, ...network }));
}
