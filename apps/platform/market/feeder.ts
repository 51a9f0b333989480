import { DomainError } from '#core';
import { busNamed, type Feeder, feederOf, networkFromJson } from '#network';

/** What openMarketSession and orders refuse by, and how large a feeder may be. */
export const MAX_FEEDER_BUSES = 500;
const MAX_FEEDER_CHARACTERS = 500_000;
const MAX_NAME = 100;
export const MAX_FEEDERS = 100;
export const MAX_CONNECTIONS_PER_REQUEST = 1_000;

/** Where a participant is to be. */
export interface ConnectionDraft {
  readonly participantId: string;
  readonly bus: string;
}

/**
 * A feeder that may be stored: radial, of one period, within its limits before any trade.
 * @throws FEEDER_NAME, FEEDER_TOO_LARGE, FEEDER_PERIODS, FEEDER_OVERLOADED, and the codes of networkFromJson, networkOf and
 * radialTree
 */
export function requireFeeder(name: string, network: unknown): Feeder {
  if (name.trim() === '' || name.length > MAX_NAME) {
    throw new DomainError('FEEDER_NAME', `expected a name of 1–${MAX_NAME} characters, got ${name.length}`);
  }
  // Undefined for what is no JSON at all.
  const characters = (JSON.stringify(network) ?? '').length;
  if (characters > MAX_FEEDER_CHARACTERS) throw tooLarge('characters', characters, MAX_FEEDER_CHARACTERS);
  const data = networkFromJson(network);
  if (data.buses.length > MAX_FEEDER_BUSES) throw tooLarge('buses', data.buses.length, MAX_FEEDER_BUSES);
  return feederOf(data);
}

const tooLarge = (what: string, got: number, most: number): DomainError =>
  new DomainError('FEEDER_TOO_LARGE', `expected a feeder of at most ${most} ${what}, got ${got}`, 'limit', {
    [what]: got,
  });

/** A feeder as it was stored. */
export const storedFeeder = (network: object): Feeder => feederOf(networkFromJson(network));

/** @throws CONNECTIONS_COUNT, CONNECTION_DUPLICATE, NETWORK_BUS_UNKNOWN */
export function requireConnections(feeder: Feeder, connections: readonly ConnectionDraft[]): void {
  if (connections.length > MAX_CONNECTIONS_PER_REQUEST) {
    const message = `expected at most ${MAX_CONNECTIONS_PER_REQUEST} connections in one request, got ${connections.length}`;
    throw new DomainError('CONNECTIONS_COUNT', message, 'limit');
  }
  const participants = new Set(connections.map(({ participantId }) => participantId));
  if (participants.size !== connections.length) {
    throw new DomainError('CONNECTION_DUPLICATE', 'expected each participant once, got one twice');
  }
  for (const { bus } of connections) busNamed(feeder, bus);
}
