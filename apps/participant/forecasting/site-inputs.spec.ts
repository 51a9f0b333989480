import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, interval } from '#core';
import { clearSkySeries } from '#forecasting';
import { readingsNode } from '../../../test/harness/readings-node.ts';
import type { SiteNode } from '../node/node.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { inputsFrom } from './site-inputs.ts';
import { setPlace } from './site-place.ts';

/** Spring in Berlin: the second day has 23 hours. */
const START_MS = Date.parse('2026-03-28T00:00+01:00');
const RANGE = interval(START_MS, START_MS + 3 * DAY_MS);
const BERLIN = { latitude: 52.5, longitude: 13.4 };
const TERMS = {
  calendar: false,
  holidays: null,
  ahead: ['clear_sky_w_m2', 'temperature_c'],
  past: ['wind_mw'],
  issues: 'every-step',
  penalties: [1],
} as const;

const grid = (stepMinutes: number) => ({ stepMinutes, zone: 'Europe/Berlin', knownBeforeMs: RANGE.endMs });

describe('what a model sees of a site beside its series', () => {
  let path: string;
  let site: SiteNode;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-inputs-'));
    const columns = { temperature_c: new Float64Array(72).fill(5), wind_mw: new Float64Array(72).fill(9) };
    site = { ...readingsNode(columns, START_MS), directory: new SiteDirectory(path) };
  });
  afterEach(() => rmSync(path, { recursive: true }));

  const skyBy = async (stepMinutes: number) =>
    (await inputsFrom(site, TERMS, RANGE, grid(stepMinutes))).columns.get('clear_sky_w_m2');

  it('has a clear sky only where its place is known, and keeps that to its owner', async () => {
    const { columns } = await inputsFrom(site, TERMS, RANGE, grid(60));
    expect([...columns.keys()].toSorted()).toEqual(['temperature_c', 'wind_mw']);
    setPlace(site.directory, BERLIN);
    expect(statSync(join(path, 'place.json')).mode & 0o077).toBe(0);
    expect(await skyBy(60)).toEqual(clearSkySeries(BERLIN, { startMs: START_MS, resolutionMs: HOUR_MS }, 72));
  });

  it('has it by quarters of an hour, and as means of local days however long', async () => {
    setPlace(site.directory, BERLIN);
    const [quarters, hours, days] = [await skyBy(15), await skyBy(60), await skyBy(1_440)];
    expect(quarters!.values).toHaveLength(288);
    const mean = (from: number, to: number) =>
      hours!.values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
    expect(days!.values[0]).toBeCloseTo(mean(0, 24), 9);
    expect(days!.values[1]).toBeCloseTo(mean(24, 47), 9);
  });
});
