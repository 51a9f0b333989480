import { type IntensityForecast, intensityForecastStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';
import { flagLines } from './flag-lines.ts';

export const intensityForecastVerb = studyVerb(intensityForecastStudy, forecastText);

const percent = (value: number | null): string => (value === null ? '' : `${value.toFixed(2)} %`);

/** For people: the hours, and how such forecasts have done. */
export function forecastText({ hours, backtest, flags, basis, issuedAt, method }: IntensityForecast): string {
  const share = hours[0]!.intervals[0]!.coverage;
  const [held] = backtest.intervals;
  return [
    `${method}, ${basis}, issued ${issuedAt}`,
    tableText(
      ['hour', 'kgCO2e/kWh', `${100 * share} % from`, 'to'],
      hours.map(({ start, intensityKgPerKwh, lowerKgPerKwh, upperKgPerKwh }) => [
        start,
        intensityKgPerKwh.toFixed(4),
        lowerKgPerKwh.toFixed(4),
        upperKgPerKwh.toFixed(4),
      ]),
    ),
    tableText(
      ['hours ahead', 'MAPE', backtest.naive],
      backtest.byDay.map(({ throughHour, mapePercent, naiveMapePercent }) => [
        `to ${throughHour}`,
        percent(mapePercent),
        percent(naiveMapePercent),
      ]),
    ),
    `backtest of ${backtest.issues} days: skill ${backtest.skill?.toFixed(3) ?? 'unknown'}; ${percent(held!.held === null ? null : 100 * held!.held)} of the hours within ${100 * share} %`,
    ...flagLines(flags),
  ].join('\n\n');
}
