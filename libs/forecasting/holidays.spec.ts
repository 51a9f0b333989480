import { describe, expect, it } from '@jest/globals';
import { holidayCalendar } from './holidays.ts';

describe('public holidays', () => {
  it('are those of the country, and of the state where one is named', async () => {
    const [germany, swabia, california] = await Promise.all(['DE', 'DE-BW', 'US-CA'].map(holidayCalendar));
    // Labour Day; Epiphany in three states; Independence Day, on a Saturday in 2026.
    expect(['2026-05-01', '2026-01-06', '2026-07-04'].map(germany!)).toEqual([true, false, false]);
    expect(['2026-05-01', '2026-01-06', '2026-07-04'].map(swabia!)).toEqual([true, true, false]);
    expect(['2026-05-01', '2026-01-06', '2026-07-03'].map(california!)).toEqual([false, false, true]);
  });

  it('move with Easter from year to year', async () => {
    const germany = await holidayCalendar('DE');
    // Easter Monday.
    expect(['2024-04-01', '2025-04-21', '2026-04-06'].every(germany)).toBe(true);
    expect(germany('2026-04-21')).toBe(false);
  });

  it('do not count days that are only observed', async () => {
    // Valentine's Day.
    expect((await holidayCalendar('US'))('2026-02-14')).toBe(false);
  });

  it.each(['XX', 'DE-XX', 'Germany', 'de', '', 'DE-'])('refuses the region %j', async (region) => {
    await expect(holidayCalendar(region)).rejects.toMatchObject({ code: 'HOLIDAYS_UNKNOWN' });
  });
});
