import { DomainError, isoInstant } from '#core';
import type { GreenButton, GreenButtonSeries } from './green-button-series.ts';

export interface GreenButtonCsv {
  readonly csv: string;
  /** Names of columns by the ids of their series. */
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * Energy of a document as CSV that `readingsFromCsv` reads: `load_kwh` where there is one meter that only delivers; else
 * `import_kwh` and `export_kwh` by direction, or `net_kwh`. Other series are left out.
 * @throws GREEN_BUTTON_NO_ENERGY, GREEN_BUTTON_AMBIGUOUS where two series would be one column
 */
export function greenButtonCsv({ series }: GreenButton): GreenButtonCsv {
  const energies = series.filter(({ energyWh, service }) => energyWh !== null && (service ?? 'electricity') === 'electricity'); // prettier-ignore
  if (energies.length === 0) {
    throw new DomainError('GREEN_BUTTON_NO_ENERGY', 'expected readings of electricity in Wh or J, got none');
  }
  const hasExport = energies.some(({ flow }) => flow === 'received');
  const columns = new Map<string, GreenButtonSeries>();
  for (const each of energies) {
    const name = columnOf(each.flow, hasExport);
    if (columns.has(name)) {
      throw new DomainError(
        'GREEN_BUTTON_AMBIGUOUS',
        `expected one series of a direction, got ${columns.get(name)!.id} and ${each.id}: name one`,
        'invalid',
        { series: energies.map(({ id }) => id) },
      );
    }
    columns.set(name, each);
  }
  const rows = new Map<number, Map<string, string>>();
  for (const [name, { readings, unit }] of columns) {
    for (const { startMs, value } of readings) {
      const row = rows.get(startMs) ?? new Map<string, string>();
      row.set(name, value.times(unit!.wh!).div(1_000).toDecimalPlaces(9).toFixed());
      rows.set(startMs, row);
    }
  }
  const names = [...columns.keys()];
  const lines = [...rows]
    .toSorted(([a], [b]) => a - b)
    .map(([startMs, row]) => [isoInstant(startMs), ...names.map((name) => row.get(name) ?? '')].join(','));
  return {
    csv: `${[['timestamp', ...names].join(','), ...lines].join('\n')}\n`,
    columns: new Map([...columns].map(([name, { id }]) => [id, name])),
  };
}

function columnOf(flow: string | null, hasExport: boolean): string {
  if (flow === 'received') return 'export_kwh';
  if (flow === 'net') return 'net_kwh';
  return hasExport ? 'import_kwh' : 'load_kwh';
}
