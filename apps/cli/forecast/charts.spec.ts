import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { calibrationChart, lineChart, niceTicks, pairChart } from './charts.ts';
import { aheadTicks } from './fan-section.ts';

const TOLD = { id: 'a', title: 'A <title>', description: 'What it shows' };
const CHART = {
  ...TOLD,
  width: 400,
  height: 200,
  yLabel: 'mse',
  xLabel: 'ahead',
  xTicks: [{ at: 0, label: 'first' }],
  fromZero: true,
};
const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });

describe('charts', () => {
  it('have ticks around every value, evenly spaced and few', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const [least, largest] = [Math.min(a, b), Math.max(a, b)];
        const ticks = niceTicks(least, largest);
        const slack = 1e-6 * Math.max(1, Math.abs(least), Math.abs(largest));
        expect(ticks[0]!).toBeLessThanOrEqual(least + slack);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(largest - slack);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThanOrEqual(8);
      }),
    );
    expect(niceTicks(0, 0.41)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  it('break a line where a value is missing, and keep a lone value as a dot', () => {
    const { text } = lineChart({ ...CHART, lines: [{ look: 's0', values: [1, 2, Number.NaN, 3] }] });
    const [, path] = /class="line s0" d="([^"]*)"/.exec(text)!;
    expect(path!.match(/M/g)).toHaveLength(2);
    expect(path!.match(/L/g)).toHaveLength(1);
    expect(text).not.toContain('NaN');
  });

  it('say what they show', () => {
    const { text } = lineChart({ ...CHART, lines: [{ look: 's0', values: [1] }] });
    expect(text).toContain('role="img" aria-labelledby="a-title a-desc"');
    expect(text).toContain(
      '<title id="a-title">A &lt;title&gt;</title><desc id="a-desc">What it shows</desc>',
    );
  });

  it('draw without a single number', () => {
    const none = [Number.NaN, Number.NaN];
    const texts = [
      lineChart({
        ...CHART,
        lines: [{ look: 's0', values: none }],
        bands: [{ look: 'wide', low: none, high: none }],
      }),
      pairChart({
        ...TOLD,
        rows: [{ name: 'x', from: Number.NaN, to: 1 }],
        looks: ['s2', 's5'],
        xLabel: 'mse',
      }),
      calibrationChart(TOLD, [{ nominal: 80, found: Number.NaN }]),
    ].map(({ text }) => text);
    for (const text of texts) expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('cut a long name and put both points on one row', () => {
    const { text } = pairChart({
      ...TOLD,
      rows: [{ name: '<'.repeat(99), from: 1, to: 2 }],
      looks: ['s2', 's5'],
      xLabel: 'mse',
    });
    expect(text).toContain(`${'&lt;'.repeat(21)}…</text>`);
    expect(text.match(/cy="21"/g)).toHaveLength(2);
  });

  it.each([
    [96, 60, ['1 d', '2 d', '3 d', '4 d']],
    [24, 60, ['4 h', '8 h', '12 h', '16 h', '20 h', '1 d']],
    [1, 15, ['15 min']],
    [7, 1_440, ['2 d', '4 d', '6 d']],
  ])('mark %i steps of %i min ahead', (horizon, stepMinutes, labels) => {
    const ticks = aheadTicks(horizon, stepMinutes);
    expect(ticks.map(({ label }) => label)).toEqual(labels);
    expect(ticks.every(({ at }) => at >= 0 && at < horizon)).toBe(true);
  });
});
