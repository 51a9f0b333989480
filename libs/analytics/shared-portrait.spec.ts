import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type DayKind, SHAPE_LABELS } from './portrait.ts';
import { requireSharedLabels, sharedLabels } from './shared-portrait.ts';

const kind = (label: DayKind['label'], shareOfDays: number): DayKind => ({
  label,
  shareOfDays,
  shareOfWeekends: 0,
  meanDayKwh: 17.25,
  shares: Array.from({ length: 24 }, () => 1 / 24),
});

describe('sharedLabels', () => {
  it('tells labels and tens of per cent that sum to a hundred, and nothing else', () => {
    const kinds = [kind('evening-peak', 50 / 97), kind('flat', 43 / 97), kind('night-peak', 4 / 97)];
    expect(sharedLabels({ days: 97, kinds })).toEqual([
      { label: 'flat', percentOfDays: 50 },
      { label: 'evening-peak', percentOfDays: 50 },
    ]);
  });

  it('adds up kinds of one label', () => {
    const kinds = [kind('flat', 0.5), kind('morning-peak', 0.25), kind('flat', 0.25)];
    expect(sharedLabels({ days: 100, kinds })).toEqual([
      { label: 'flat', percentOfDays: 80 },
      { label: 'morning-peak', percentOfDays: 20 },
    ]);
  });

  it('always makes what requireSharedLabels takes', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 400 }), {
      minLength: 1,
      maxLength: SHAPE_LABELS.length,
    });
    fc.assert(
      fc.property(counts, (of) => {
        const days = of.reduce((sum, count) => sum + count, 0);
        const kinds = of.map((count, i) => kind(SHAPE_LABELS[i]!, count / days));
        const labels = sharedLabels({ days, kinds });
        expect(requireSharedLabels(labels)).toEqual(labels);
      }),
    );
  });
});

const flat = (percentOfDays: number) => ({ label: 'flat', percentOfDays });

describe('requireSharedLabels', () => {
  it.each([
    ['nothing', []],
    ['an unknown label', [{ label: 'odd', percentOfDays: 100 }]],
    ['a label twice', [flat(50), flat(50)]],
    ['another order', [{ label: 'evening-peak', percentOfDays: 50 }, flat(50)]],
    ['a finer share', [flat(95), { label: 'evening-peak', percentOfDays: 5 }]],
    ['an empty share', [flat(100), { label: 'evening-peak', percentOfDays: 0 }]],
    ['less than all days', [flat(90)]],
  ])('refuses %s', (_, labels) => {
    expect(() => requireSharedLabels(labels)).toThrow(expect.objectContaining({ code: 'PORTRAIT_LABELS' }));
  });
});
