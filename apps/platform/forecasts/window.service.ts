import { Injectable } from '@nestjs/common';
import { type EnergyNeed, type ForecastHour, lowestCarbonWindows, type WindowEmissions } from '#carbon';
import { apportion, DAY_MS, DomainError, HOUR_MS, interval, toSafeInteger } from '#core';
import type { Principal } from '../pipeline/principal.ts';
import { ForecastReader } from './forecast-reader.service.ts';
import type { ForecastRow } from './forecast.entity.ts';
import { seriesUnit } from './forecast-series.ts';
import type { CarbonWindow, LowestCarbonWindow, LowestCarbonWindowArgs } from './window.types.ts';

const MAX_DAYS = 31;
const GRAMS_PER_KG = 1_000;
const INTENSITY = 'gCO2e/kWh';

/** When a need emits least, by what an organisation has published of a grid's intensity. */
@Injectable()
export class LowestCarbonWindowService {
  constructor(private readonly reader: ForecastReader) {}

  /**
   * By the latest versions that the asker may read; those of days under an agreement are charged as they are read.
   * @throws ROLE_MISSING, INTERVAL_EMPTY, INTERVAL_TOO_LONG, PRODUCT_UNKNOWN, ORGANISATION_IDS, FORECAST_SERIES_NOT_INTENSITY,
   *   WINDOW_INPUT, WINDOW_POWER, WINDOW_INFEASIBLE
   */
  async window(principal: Principal, args: LowestCarbonWindowArgs): Promise<LowestCarbonWindow> {
    const { productId, organisationId, earliest, latest, energyWh } = args;
    interval(earliest, latest);
    if (latest - earliest > MAX_DAYS * DAY_MS)
      throw new DomainError('INTERVAL_TOO_LONG', `expected at most ${MAX_DAYS} days, got more`, 'limit');
    const filter = {
      productId,
      organisationIds: [organisationId],
      // The hour in which it may begin began before.
      from: earliest - HOUR_MS + 1,
      to: latest,
      latest: true,
    };
    const { rows } = await this.reader.page(principal, filter, { after: undefined, limit: MAX_DAYS * 25 });
    const { windows, immediate } = lowestCarbonWindows(rows.map(hourOf), needOf(args), 1);
    return {
      best: toWindow(windows[0]!, energyWh),
      immediate: immediate && toWindow(immediate, energyWh),
    };
  }
}

/** kg/kWh from the thousandths of a gram that are stored. @throws FORECAST_SERIES_NOT_INTENSITY */
function hourOf({ series, intervalStart, p10, p50, p90 }: ForecastRow): ForecastHour {
  const { unit, scale } = seriesUnit(series);
  if (unit !== INTENSITY)
    throw new DomainError(
      'FORECAST_SERIES_NOT_INTENSITY',
      `expected a product of a carbon intensity, got one of ${series}`,
    );
  const kgOf = (value: number): number => value / (scale * GRAMS_PER_KG);
  return {
    startMs: intervalStart.getTime(),
    kgPerKwh: kgOf(p50),
    lowerKgPerKwh: kgOf(p10),
    upperKgPerKwh: kgOf(p90),
  };
}

const needOf = (args: LowestCarbonWindowArgs): EnergyNeed => ({
  energyKwh: args.energyWh / 1_000,
  contiguous: args.contiguous,
  earliestMs: args.earliest,
  latestMs: args.latest,
  ...(typeof args.durationMinutes === 'number' && { durationMs: args.durationMinutes * 60_000 }),
  ...(typeof args.maxPowerW === 'number' && { maxPowerKw: args.maxPowerW / 1_000 }),
});

const gramsOf = (kg: number): number => Math.round(kg * GRAMS_PER_KG);

function toWindow({ parts, emissionsKg, lowerKg, upperKg }: WindowEmissions, energyWh: number): CarbonWindow {
  const shares = apportion(
    BigInt(energyWh),
    parts.map(({ startMs, endMs }) => BigInt(endMs - startMs)),
  );
  return {
    parts: parts.map(({ startMs, endMs }, i) => ({
      start: startMs,
      end: endMs,
      energyWh: toSafeInteger(shares[i]!),
    })),
    p10Grams: gramsOf(lowerKg!),
    p50Grams: gramsOf(emissionsKg),
    p90Grams: gramsOf(upperKg!),
  };
}
