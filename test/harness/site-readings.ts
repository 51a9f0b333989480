import { HOUR_MS, interval, isoInstant, parseInstant } from '#core';

export const TRAIN = interval(parseInstant('2026-01-05T00:00:00Z'), parseInstant('2026-01-19T00:00:00Z'));
export const VALIDATION = interval(TRAIN.endMs, parseInstant('2026-01-26T00:00:00Z'));
/** Columns of every site's file, each a range of readings of its own. */
export const SERIES = ['load_kwh', 'second_kwh', 'third_kwh'] as const;

/** What the files hold beside them: somebody's forecast of the weather. */
export const WEATHER = 'temperature_c';

/** Three weeks of hours with a daily and a weekly rhythm and a little, another in each column, that follows neither. */
export function readingsCsv(site: number): string {
  const rows = Array.from({ length: (VALIDATION.endMs - TRAIN.startMs) / HOUR_MS }, (_, i) => {
    const rhythm = Math.sin((2 * Math.PI * i) / 24) + 0.5 * Math.cos((2 * Math.PI * i) / 168);
    const energies = SERIES.map(
      (_name, column) => (4 + site) * (2 + rhythm + 0.3 * Math.sin(i * i + 7 * site + 3 * column)),
    );
    const temperature = 8 + 5 * Math.sin((2 * Math.PI * i) / 24 - site) + 3 * Math.sin(i / 50);
    const values = [...energies, temperature].map((value) => value.toFixed(3));
    return [isoInstant(TRAIN.startMs + i * HOUR_MS), ...values].join(',');
  });
  return `${[['timestamp', ...SERIES, WEATHER].join(','), ...rows].join('\n')}\n`;
}

/** What the files of a story about the grid hold beside them: its intensity and the market's price, which falls below zero. */
export const GRID = ['intensity_kg_per_kwh', 'price_eur_per_mwh'] as const;

/** The same weeks with the grid's columns: the same at every site but for what its own source rounds away. */
export function gridCsv(site: number): string {
  const [header, ...rows] = readingsCsv(site).trimEnd().split('\n');
  const lines = rows.map((row, i) => {
    const rhythm = Math.sin((2 * Math.PI * i) / 24) + 0.2 * Math.sin(i * i + site);
    return `${row},${(0.3 + 0.1 * rhythm).toFixed(4)},${(40 + 60 * rhythm).toFixed(2)}`;
  });
  return `${[[header, ...GRID].join(','), ...lines].join('\n')}\n`;
}

/** What the files of a story about a grid's plants hold beside them, MW. */
export const PLANTS = ['generation_coal_mw', 'generation_gas_mw', 'generation_wind_mw'] as const;

/** Wind that no two sites see alike, and coal and gas that make up for it: the intensity of the mix is highest in the evening. */
export function plantsCsv(site: number): string {
  const [header, ...rows] = readingsCsv(site).trimEnd().split('\n');
  const lines = rows.map((row, i) => {
    const evening = 1 + Math.cos((2 * Math.PI * (i - 18)) / 24);
    const wind = 300 + 60 * Math.sin(i / 11 + site);
    return [row, 100 + 100 * evening, 50 + 50 * evening, wind].join(',');
  });
  return `${[[header, ...PLANTS].join(','), ...lines].join('\n')}\n`;
}
