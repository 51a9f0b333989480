import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import {
  eventHash,
  issueCertificate,
  issueEvent,
  lineageOf,
  type Issue,
  plainEvent,
  type RecordedEvent,
  type Taken,
  verifyEvents,
  verifyLineage,
} from './index.ts';
import type { CertificateEvent } from './event.ts';

const ISSUE: Issue = {
  id: 'p',
  kind: 'production',
  meter: 'a'.repeat(64),
  interval: interval(0, HOUR_MS),
  area: 'DK1',
  technology: 'pv',
  trial: false,
  intensityKgPerKwh: '0.041',
  expiresMs: null,
  supplements: null,
};
const USE: Issue = { ...ISSUE, id: 'c', kind: 'consumption', meter: 'b'.repeat(64), technology: null };

const recorded = (event: CertificateEvent): RecordedEvent => ({ hash: eventHash(event), event });
const made = ({ hash, event }: RecordedEvent, i = 0): Taken => ({ ...event.makes[i]!, event: hash });

const issued = recorded(issueEvent(ISSUE, issueCertificate([], ISSUE, { owner: 'a', wh: 100 }), 'salt'));
const used = recorded(issueEvent(USE, issueCertificate([], USE, { owner: 'b', wh: 30 })));
const [low, high] = [
  { ...made(issued), end: 30 },
  { ...made(issued), start: 31 },
].map(({ event: _event, ...certificate }) => certificate) as [Taken, Taken];
const split = recorded(plainEvent('split', [made(issued)], [low, high]));
const passed = recorded(plainEvent('transfer', [made(split)], [{ ...low, owner: 'b' }]));
const claimed = recorded(
  plainEvent(
    'claim',
    [made(passed), made(used)],
    [
      { ...low, owner: 'b', state: 'claimed' },
      { ...used.event.makes[0]!, state: 'claimed' },
    ],
  ),
);
const HISTORY = [issued, used, split, passed, claimed];
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a lineage', () => {
  it('leads from a certificate back to its issue, and to nothing else', () => {
    const kept = lineageOf(made(split, 1), HISTORY);
    expect(kept.events).toEqual([issued, split]);
    expect(verifyLineage(kept).issues).toMatchObject([{ id: 'p', wh: 100 }]);
    const whole = lineageOf(made(claimed), HISTORY);
    expect(whole.events).toEqual(HISTORY);
    expect(verifyLineage(whole).issues.map(({ id }) => id)).toEqual(['p', 'c']);
  });

  it('is broken where an event is missing, or the certificate is another', () => {
    expect(() => lineageOf(made(claimed), HISTORY.slice(1))).toThrow(code('LINEAGE_BROKEN'));
    expect(() => verifyEvents(HISTORY.slice(1))).toThrow(code('LINEAGE_BROKEN'));
    expect(() => verifyEvents([issued, issued])).toThrow(code('LINEAGE_BROKEN'));
    const kept = lineageOf(made(split, 1), HISTORY);
    for (const change of [{ owner: 'b' }, { end: 101 }, { state: 'claimed' as const }]) {
      const other = { ...kept, certificate: { ...kept.certificate, ...change } };
      expect(() => verifyLineage(other)).toThrow(code('LINEAGE_BROKEN'));
    }
  });

  it('does not verify when anything in it is changed', () => {
    const words: CertificateEvent = { ...issued.event, salt: 'other' };
    expect(() => verifyEvents([{ hash: issued.hash, event: words }, used, split])).toThrow(
      code('LINEAGE_HASH'),
    );
    const more = { ...issued.event, makes: [{ ...issued.event.makes[0]!, end: 101 }] };
    expect(() => verifyEvents([recorded(more), used, split])).toThrow(code('LINEAGE_BROKEN'));
  });

  it('takes up each certificate once', () => {
    const again = recorded(plainEvent('transfer', [made(split)], [{ ...low, owner: 'c' }]));
    expect(() => verifyEvents([issued, split, passed, again])).toThrow(code('LINEAGE_SPENT'));
  });

  it.each<[string, CertificateEvent]>([
    ['split into more', plainEvent('split', [made(issued)], [low, { ...high, end: 200 }])],
    ['split that overlaps', plainEvent('split', [made(issued)], [low, { ...high, start: 30 }])],
    ['split into one', plainEvent('split', [made(issued)], [{ ...low, end: 100 }])],
    ['split into another hand', plainEvent('split', [made(issued)], [low, { ...high, owner: 'b' }])],
    ['transfer to the owner', plainEvent('transfer', [made(issued)], [{ ...low, end: 100 }])],
    ['transfer of more', plainEvent('transfer', [made(issued)], [{ ...low, end: 101, owner: 'b' }])],
    ['transfer out of nothing', plainEvent('transfer', [], [{ ...low, owner: 'b' }])],
    [
      'claim without consumption',
      plainEvent('claim', [made(issued)], [{ ...low, end: 100, state: 'claimed' }]),
    ],
    ['expiry that leaves it live', plainEvent('expire', [made(issued)], [{ ...low, end: 100 }])],
    ['charge of no storage', plainEvent('charge', [made(issued)], [{ ...low, end: 100, state: 'stored' }])],
    ['second issue out of nothing', plainEvent('issue', [], [{ ...low, issue: 'q' }])],
    [
      'discharge of what is no charge',
      {
        ...issueEvent(
          { ...ISSUE, id: 'd', interval: interval(HOUR_MS, 2 * HOUR_MS) },
          { ...low, issue: 'd' },
        ),
        type: 'discharge',
        storage: 's',
        efficiency: '1',
        draws: [{ event: issued.hash, wh: 30 }],
      },
    ],
  ])('refuses a %s', (_name, event) => {
    expect(() => verifyEvents([issued, recorded(event)])).toThrow(code('LINEAGE_RULE'));
  });

  describe('through a storage', () => {
    const stored = recorded({
      ...plainEvent('charge', [made(issued)], [{ ...low, end: 100, state: 'stored' }]),
      storage: 's',
    });
    const LATER: Issue = {
      ...ISSUE,
      id: 'd',
      interval: interval(HOUR_MS, 2 * HOUR_MS),
      intensityKgPerKwh: '0.082',
    };
    const discharged = (change: Partial<Issue>): RecordedEvent =>
      recorded({
        ...issueEvent({ ...LATER, ...change }, { ...low, issue: 'd', end: 50 }),
        type: 'discharge',
        storage: 's',
        efficiency: '0.5',
        draws: [{ event: stored.hash, wh: 100 }],
      });

    it('carries the attributes of what was charged', () => {
      expect(verifyEvents([issued, stored, discharged({})]).issues.map(({ id }) => id)).toEqual(['p', 'd']);
    });

    it.each<[string, Partial<Issue>]>([
      ['another technology', { technology: 'wind' }],
      ['less intensity', { intensityKgPerKwh: '0.041' }],
      ['no intensity', { intensityKgPerKwh: null }],
      ['another area', { area: 'DK2' }],
      ['Wh on trial', { trial: true }],
      ['an hour before it was charged', { interval: interval(-HOUR_MS, 0) }],
    ])('does not come out as %s', (_name, change) => {
      expect(() => verifyEvents([issued, stored, discharged(change)])).toThrow(code('LINEAGE_RULE'));
    });
  });

  it('shows no issue in an event that issues nothing', () => {
    const event = { ...plainEvent('split', [made(issued)], [low, high]), issue: { ...ISSUE, id: 'q', meter: 'c'.repeat(64) } }; // prettier-ignore
    expect(() => verifyEvents([issued, recorded(event)])).toThrow(code('LINEAGE_RULE'));
  });

  it('refuses a claim that breaks a rule of claims', () => {
    const elsewhere = recorded(
      issueEvent({ ...USE, area: 'DK2' }, { issue: 'c', start: 1, end: 30, owner: 'b', state: 'live' }),
    );
    const bad = recorded(
      plainEvent(
        'claim',
        [made(passed), made(elsewhere)],
        [
          { ...low, owner: 'b', state: 'claimed' },
          { ...elsewhere.event.makes[0]!, state: 'claimed' },
        ],
      ),
    );
    expect(() => verifyEvents([issued, elsewhere, split, passed, bad])).toThrow(code('CLAIM_AREA'));
  });
});
