import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { SiteDirectory } from '../node/site-directory.ts';
import { IntradayJournal } from './intraday-journal.ts';
import { SessionJournal } from './session-journal.ts';

const START = Date.UTC(2026, 2, 2);
const DAY = interval(START, START + 24 * HOUR_MS);
const NEXT = interval(DAY.endMs, DAY.endMs + 24 * HOUR_MS);
const delivery = (id: string, day: typeof DAY) => ({ id, ...day, resolutionMinutes: 60 });
const order = (id: string) => ({ id, startsAt: '2026-03-02T07:00:00Z', side: 'buy', quantityWh: 5, pricePerMwh: 1, timeInForce: 'gtd', expiresAt: null, signature: '' } as const); // prettier-ignore

let workspace: string;
let directory: SiteDirectory;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'session-journal-'));
  directory = new SiteDirectory(workspace);
});
afterEach(() => rmSync(workspace, { recursive: true }));

describe('sessions within a span', () => {
  it('are named once, whether taken day-ahead, by intraday orders or by both', () => {
    const journal = new SessionJournal(directory);
    const intraday = new IntradayJournal(directory);
    journal.take(delivery('first', DAY));
    for (const id of ['a', 'b'])
      intraday.append({ session: 'first', day: DAY, resolutionMinutes: 60 }, order(id));
    for (const id of ['c', 'd'])
      intraday.append({ session: 'second', day: NEXT, resolutionMinutes: 60 }, order(id));

    expect(journal.sessionsWithin(interval(DAY.startMs, NEXT.endMs))).toEqual(['first', 'second']);
    expect(journal.sessionsWithin(NEXT)).toEqual(['second']);
  });
});
