import type { PollutantView, ZoneView } from './carbon-trace-view.ts';

interface Sums {
  demandMwh: number;
  generationMwh: number;
  correctionMwh: number;
  readonly byFuel: Map<string, number>;
  readonly byPollutant: Map<string, number | null>;
  readonly flags: Set<string>;
}

/**
 * Zones over all hours: emissions and energy add up, intensity and mix are weighted by demand. A pollutant of which one hour
 * with demand is not known is not known of all; so is the intensity of a zone without demand.
 */
export function zoneTotals(
  hours: readonly (readonly ZoneView[])[],
  pollutants: readonly string[],
): ZoneView[] {
  const sums = new Map<string, Sums>();
  for (const zones of hours) {
    for (const zone of zones) {
      const own = sums.get(zone.id) ?? emptySums(pollutants);
      sums.set(zone.id, own);
      addZone(own, zone, pollutants);
    }
  }
  return [...sums].map(([id, own]) => {
    const views = pollutants.map((name) => pollutantOf(own, name));
    const mixed = [...own.byFuel.values()].reduce((sum, each) => sum + each, 0);
    return {
      id,
      ...(views[0] ?? { intensity: null, emissions: null }),
      demandMwh: own.demandMwh,
      generationMwh: own.generationMwh,
      mix: mixed > 0 ? Object.fromEntries([...own.byFuel].map(([fuel, mwh]) => [fuel, mwh / mixed])) : null,
      ...(views.length > 1
        ? { pollutants: Object.fromEntries(pollutants.map((name, q) => [name, views[q]!])) }
        : {}),
      ...(own.correctionMwh > 0 ? { correctionMwh: own.correctionMwh } : {}),
      flags: [...own.flags],
    };
  });
}

const emptySums = (pollutants: readonly string[]): Sums => ({
  demandMwh: 0,
  generationMwh: 0,
  correctionMwh: 0,
  byFuel: new Map(),
  byPollutant: new Map(pollutants.map((name) => [name, 0])),
  flags: new Set(),
});

function addZone(sums: Sums, zone: ZoneView, pollutants: readonly string[]): void {
  sums.demandMwh += zone.demandMwh;
  sums.generationMwh += zone.generationMwh;
  sums.correctionMwh += zone.correctionMwh ?? 0;
  for (const flag of zone.flags) sums.flags.add(flag);
  for (const [fuel, share] of Object.entries(zone.mix ?? {})) {
    sums.byFuel.set(fuel, (sums.byFuel.get(fuel) ?? 0) + share * zone.demandMwh);
  }
  // Without demand there is nothing to know of its emissions.
  if (zone.demandMwh !== 0) for (const name of pollutants) addPollutant(sums, zone, name);
}

function addPollutant({ byPollutant }: Sums, zone: ZoneView, name: string): void {
  const { emissions } = zone.pollutants?.[name] ?? zone;
  const before = byPollutant.get(name)!;
  byPollutant.set(name, before === null || emissions === null ? null : before + emissions);
}

function pollutantOf({ byPollutant, demandMwh }: Sums, name: string): PollutantView {
  const emissions = byPollutant.get(name)!;
  return demandMwh === 0 || emissions === null
    ? { intensity: null, emissions: null }
    : { intensity: emissions / demandMwh, emissions };
}
