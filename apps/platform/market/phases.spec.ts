import { describe, expect, it } from '@jest/globals';
import { isDue, phaseOf, type SessionTimes } from './phases.ts';

const MINUTE_MS = 60_000;
const at = (minutes: number): Date => new Date(minutes * MINUTE_MS);

/** Bids open at minute 10, the gate closes at 20, nonces are taken for 5 minutes. */
const LOTS: SessionTimes = {
  state: 'OPEN',
  bidsOpenAt: at(10),
  gateClosesAt: at(20),
  closedAt: null,
  revealMinutes: 5,
};
const PLAIN: SessionTimes = { ...LOTS, bidsOpenAt: null, revealMinutes: null };

const phaseAt = (session: SessionTimes, minutes: number) => phaseOf(session, minutes * MINUTE_MS);
const dueAt = (session: SessionTimes, minutes: number, unrevealed: number) =>
  isDue(session, minutes * MINUTE_MS, unrevealed);

describe('the phases of a session', () => {
  it.each([
    [0, 'COMMIT'],
    [9.99, 'COMMIT'],
    [10, 'BID'],
    [19.99, 'BID'],
    [20, 'REVEAL'],
    [24.99, 'REVEAL'],
    [25, null],
  ])('with lots: minute %d is %s', (minutes, phase) => {
    expect(phaseAt(LOTS, minutes)).toBe(phase);
  });

  it('without lots are bids until the gate, as ever', () => {
    expect([0, 19.99, 20].map((minutes) => phaseAt(PLAIN, minutes))).toEqual(['BID', 'BID', null]);
    expect(phaseAt({ ...PLAIN, gateClosesAt: null }, 1e9)).toBe('BID');
  });

  it('are commitments until the organiser opens bids, where no time is set', () => {
    expect(phaseAt({ ...LOTS, bidsOpenAt: null, gateClosesAt: null }, 1e9)).toBe('COMMIT');
  });

  it('count the time to reveal from when the organiser closed the gate', () => {
    const closed: SessionTimes = { ...LOTS, state: 'CLOSED', closedAt: at(12) };
    expect([16.99, 17].map((minutes) => phaseAt(closed, minutes))).toEqual(['REVEAL', null]);
  });

  it.each(['CLEARED', 'DELIVERED', 'SETTLED'] as const)('are over once it is %s', (state) => {
    expect([0, 15, 22].map((minutes) => phaseAt({ ...LOTS, state }, minutes))).toEqual([null, null, null]);
  });
});

describe('a session is due', () => {
  it('past its gate when all nonces are in, or the time for them is over, and not before', () => {
    expect([19.99, 20, 25].map((minutes) => dueAt(LOTS, minutes, 0))).toEqual([false, true, true]);
    expect([20, 24.99, 25].map((minutes) => dueAt(LOTS, minutes, 1))).toEqual([false, false, true]);
  });

  it('at once where it draws no lots: closed, or past its gate', () => {
    expect([19.99, 20].map((minutes) => dueAt(PLAIN, minutes, 0))).toEqual([false, true]);
    expect(dueAt({ ...PLAIN, state: 'CLOSED' }, 0, 0)).toBe(true);
    expect(dueAt({ ...PLAIN, state: 'CLEARED' }, 99, 0)).toBe(false);
  });
});
