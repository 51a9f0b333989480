import { blockOrders } from './block-orders.ts';
import { type Mechanism } from './mechanism.ts';
import { mechanismNamed } from './mechanisms.ts';

/**
 * What a trading session must have beside orders before a mechanism may clear it. lots: commitments before bids, for
 * what it draws from a seed; deficitCap: what the organiser pays in at most; oneOrder: of a participant in a slot, refused
 * otherwise; unit: the one size of all orders.
 */
export const SESSION_NEEDS = ['lots', 'deficitCap', 'oneOrder', 'unit'] as const;
export type SessionNeed = (typeof SESSION_NEEDS)[number];

/** What of a mechanism a session goes by. */
export type SessionMechanism = Pick<Mechanism, 'name' | 'takes' | 'traders' | 'properties' | 'bounded'>;

/** A mechanism of slots, or block orders, which clear all slots together. @throws MECHANISM_UNKNOWN */
export const sessionMechanism = (name: string): SessionMechanism =>
  name === blockOrders.name ? blockOrders : mechanismNamed(name);

/**
 * Whether a trading session can clear by it: no book that a session takes may be one that it refuses, so that nobody keeps
 * everybody from trading. A limit on the size of a book would be such a refusal; pairs of preferring orders are kept few by
 * few orders a participant.
 */
export const clearsSessions = ({ bounded = false, takes }: SessionMechanism): boolean =>
  !bounded || takes.includes('preferences');

export function sessionNeeds({ takes, traders, properties }: SessionMechanism): readonly SessionNeed[] {
  const needs: Readonly<Record<SessionNeed, boolean>> = {
    // Who chooses partners by preferences draws none.
    lots: takes.includes('seed') && !takes.includes('preferences'),
    deficitCap: properties.budgetBalance === 'deficit',
    oneOrder: traders !== 'any',
    unit: traders === 'unit',
  };
  return SESSION_NEEDS.filter((need) => needs[need]);
}
