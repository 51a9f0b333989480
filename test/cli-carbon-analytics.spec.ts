import { describe, expect, it } from '@jest/globals';
import { fileVerb } from './harness/file-verb.ts';

const carbon = (verb: string, input: unknown) => fileVerb(['carbon', verb], input);
const weekend = (hour: number): boolean => Math.floor(hour / 24) % 7 >= 5;
const HOURS = Array.from({ length: 21 * 24 }, (_, hour) => hour);

describe('carbon portrait', () => {
  it('tells working days from weekends', async () => {
    const loadKwh = HOURS.map((hour) => (hour % 24 === (weekend(hour) ? 12 : 7) ? '3.5' : 1));
    const { answer } = await carbon('portrait', { start: '2026-01-05T00:00:00Z', loadKwh });
    expect(answer).toMatchObject({
      method: 'gridcommons/portrait/1',
      days: 21,
      kinds: [
        { label: 'morning-peak', shareOfDays: 15 / 21, shareOfWeekends: 0, meanDayKwh: 26.5 },
        { label: 'midday-peak', shareOfDays: 6 / 21, shareOfWeekends: 1, meanDayKwh: 26.5 },
      ],
    });
  });

  it('leaves out days with an unknown hour and says how many', async () => {
    const loadKwh = HOURS.map((hour) => (hour === 30 ? null : 1));
    const { answer } = await carbon('portrait', { start: '2026-01-05T00:00:00Z', loadKwh });
    expect(answer).toMatchObject({ days: 20, skipped: { incomplete: 1 }, kinds: [{ label: 'flat' }] });
  });
});

describe('carbon trend', () => {
  it('tells when a level broke', async () => {
    const values = HOURS.slice(0, 40).map((step) => (step < 20 ? 400 : 300) + (step % 3));
    const starts = values.map((_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString());
    const { answer } = await carbon('trend', { values, starts });
    expect(answer).toMatchObject({
      method: 'gridcommons/trend/1',
      direction: 'falling',
      segments: [
        { from: '2026-01-01T00:00:00Z', steps: 20 },
        { from: '2026-01-21T00:00:00Z', steps: 20 },
      ],
    });
  });
});

describe('carbon peers and sectors', () => {
  it('places a figure among counts', async () => {
    const { answer } = await carbon('peers', { own: 150, edges: [100, 200, 300], counts: [1, 3, 2, 2] });
    expect(answer).toMatchObject({
      peers: 8,
      atLeastShareBelow: 0.125,
      atMostShareBelow: 0.5,
      median: { from: 100, to: 200 },
    });
  });

  it('withholds what tells of few', async () => {
    const figures = ['retail', 'retail', 'retail', 'retail', 'steel'].map((sector, i) => ({
      organisation: `${i}`,
      sector,
      value: 10,
    }));
    const { answer } = await carbon('sectors', { figures });
    expect(answer).toMatchObject({
      sectors: [
        { sector: 'retail', organisations: 4, sum: null },
        { sector: 'steel', organisations: 1, sum: null },
      ],
      total: { organisations: 5, sum: 50, median: null },
    });
  });
});

describe('bad input', () => {
  it.each([
    ['portrait', { start: '2026-01-05T00:00:00Z', loadKwh: [1, 2] }, 'PORTRAIT_TOO_SHORT'],
    ['portrait', { start: '2026-01-05', loadKwh: [1] }, 'INPUT_INVALID'],
    ['portrait', { start: '2026-01-05T00:00:00Z', loadKwh: [-1] }, 'INPUT_INVALID'],
    ['portrait', { start: '2026-01-05T00:00:00Z', loadKwh: [1], zone: 'Mars/Olympus' }, 'ZONE_UNKNOWN'],
    ['trend', { values: [1, 2, 3] }, 'TREND_TOO_SHORT'],
    ['trend', { values: [1, 2, 3], starts: ['2026-01-01T00:00:00Z'] }, 'INPUT_INVALID'],
    ['peers', { own: 1, edges: [2, 1], counts: [4, 4, 4] }, 'HISTOGRAM_EDGES'],
    ['peers', { own: 1, edges: [1], counts: [1, 1] }, 'PEERS_FEW'],
    [
      'sectors',
      {
        figures: [
          { organisation: 'a', sector: 's', value: 1 },
          { organisation: 'a', sector: 't', value: 1 },
        ],
      },
      'SECTOR_REPEATED',
    ],
  ])('%s of %j: %s', async (verb, input, code) => {
    expect(await carbon(verb, input)).toMatchObject({ exitCode: 1, answer: { error: { code } } });
  });
});
