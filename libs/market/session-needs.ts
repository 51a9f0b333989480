import { type Mechanism } from './mechanism.ts';

/**
 * What a trading session must have beside orders before a mechanism may clear it. lots: commitments before bids, for
 * what it draws from a seed; deficitCap: what the organiser pays in at most; oneOrder: of a participant in a slot, refused
 * otherwise; unit: the one size of all orders.
 */
export const SESSION_NEEDS = ['lots', 'deficitCap', 'oneOrder', 'unit'] as const;
export type SessionNeed = (typeof SESSION_NEEDS)[number];

/**
 * Whether a trading session can clear by it: no book that a session takes may be one that it refuses, so that nobody keeps
 * everybody from trading. A limit on the size of a book would be such a refusal.
 */
export const clearsSessions = ({ bounded = false }: Mechanism): boolean => !bounded;

export function sessionNeeds({ takes, traders, properties }: Mechanism): readonly SessionNeed[] {
  const needs: Readonly<Record<SessionNeed, boolean>> = {
    lots: takes.includes('seed'),
    deficitCap: properties.budgetBalance === 'deficit',
    oneOrder: traders !== 'any',
    unit: traders === 'unit',
  };
  return SESSION_NEEDS.filter((need) => needs[need]);
}
