import { describe, expect, it } from '@jest/globals';
import { readingsBehind } from './derived-series.ts';

describe('readings behind a series', () => {
  it('are for generation by source and the intensities made of it the same', () => {
    const series = ['direct_intensity_g_per_kwh', 'lifecycle_intensity_g_per_kwh', 'generation_wind_mw'];
    for (const one of series)
      for (const other of series)
        expect(readingsBehind(one).filter((each) => readingsBehind(other).includes(each))).not.toEqual([]);
    expect(readingsBehind('intensity_g_per_kwh')).toEqual(['intensity_g_per_kwh']);
    expect(readingsBehind('wind_mw')).toEqual(['wind_mw']);
  });
});
