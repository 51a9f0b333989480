import { type Command, Option } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';
import type { TableOptions } from './intensity-table.ts';

const FORECAST_HELP = `
Hours with an intensity are the history; those after it have what is known ahead, such as forecasts of the weather. Where hours
have generation by fuel and no intensity, that is computed from \`factors\`, or the published ones of the fuels' names.

Examples:
  node -p 'JSON.stringify({ horizonHours: 6, hours: Array.from({ length: 24 * 30 }, (_, hour) => (
    { start: new Date(Date.UTC(2026, 0, 1, hour)), generationMwh: { gas: 60 + (hour % 24), wind: 40 + (hour % 7) } })) })' |
    gridcommons carbon intensity-forecast --input -
  node -p '["time,intensity_g_per_kwh,gas_mw", ...Array.from({ length: 24 * 30 }, (_, hour) => (
    new Date(Date.UTC(2026, 0, 1, hour)).toISOString() + "," + (300 + (hour % 24)) + "," + (60 + (hour % 7))))].join("\\n")' > grid.csv
  gridcommons carbon intensity-forecast --data grid.csv --target intensity_g_per_kwh --past gas_mw --horizon 6`;

const WINDOW_HELP = `
\`hours\` are those of \`carbon intensity-forecast\`, of at most a month or so.

Example:
  echo '{"energyKwh": 20, "maxPowerKw": 11, "contiguous": false, "hours": [
    {"start": "2026-01-01T00:00Z", "intensityKgPerKwh": 0.4}, {"start": "2026-01-01T01:00Z", "intensityKgPerKwh": "0.1"},
    {"start": "2026-01-01T02:00Z", "intensityKgPerKwh": 0.2}]}' | gridcommons carbon window --input -`;

const LEVERS_HELP = `
Shifting and storing are scheduled to emit least; \`worthPerTonne\` weighs that against money. Average intensities say what an
inventory will hold, marginal ones what a decision changes: a figure is of one kind.

Example:
  node -p 'JSON.stringify({ prices: { buy: "0.30" }, hours: Array.from({ length: 24 }, (_, hour) => (
      { start: new Date(Date.UTC(2026, 0, 1, hour)), loadKwh: 2, heatKwh: 3, intensityKgPerKwh: hour < 6 ? "0.1" : "0.4" })),
    levers: [
      { id: "later", type: "shift", flexibleShare: "0.5", maxLoadKwh: 4 },
      { id: "heat pump", type: "switch-fuel", cop: 3, investment: { amount: 12000, lifetimeYears: 20 },
        fuel: { pricePerKwh: "0.11", efficiency: "0.9", factor: { fuel: "natural-gas" } } }] })' |
    gridcommons carbon levers --input -`;

/** Verbs about emissions to come, and what to do about them. */
export function registerAheadCommands(carbon: Command, outputOf: OutputOf): void {
  registerForecast(carbon, outputOf);
  const window = carbon
    .command('window')
    .description('when an energy need emits least by a forecast')
    .addHelpText('after', WINDOW_HELP);
  readsFile(window, outputOf, async () => (await import('./window.ts')).windowVerb);
  const levers = carbon
    .command('levers')
    .description('what a member can do about its emissions, ranked by tonnes per cost')
    .addHelpText('after', LEVERS_HELP);
  readsFile(levers, outputOf, async () => (await import('./levers.ts')).leversVerb);
}

/** A document says all of it itself. */
const ofTable = (flags: string, description: string): Option =>
  new Option(flags, description).conflicts(['input', 'schema']);

const wholeHours = (value: string): number => Number(value);

function registerForecast(carbon: Command, outputOf: OutputOf): void {
  const forecast = carbon
    .command('intensity-forecast')
    .description('carbon intensity of the hours ahead with intervals')
    .addOption(ofTable('--data <file>', 'a table (CSV, .gz) instead of --input'))
    .addOption(ofTable('--target <column>', 'of the table: the intensity'))
    .addOption(ofTable('--unit <unit>', 'of it, where its name does not end in one').choices(['g', 'kg']))
    .addOption(ofTable('--ahead <columns...>', 'of the table: known over the horizon'))
    .addOption(
      ofTable('--past <columns...>', 'of the table: known up to the issue, such as generation by fuel'),
    )
    .addOption(ofTable('--at <instant>', 'first hour to forecast (default: after the last intensity)'))
    .addOption(ofTable('--zone <zone>', 'whose days and weeks repeat'))
    .addOption(ofTable('--horizon <hours>', 'at most 96').argParser(wholeHours))
    .addOption(ofTable('--lookback <hours>', 'hours that a forecast sees').argParser(wholeHours))
    .addOption(ofTable('--intervals <shares...>', 'shares of hours that intervals are to hold'))
    .addOption(ofTable('--holidays <region>', 'country or state, such as DE-BW'))
    .addOption(ofTable('--basis <basis>', 'what the intensity counts').choices(['direct', 'lifecycle']))
    .addHelpText('after', FORECAST_HELP);
  readsFile(
    forecast,
    outputOf,
    async () => (await import('./intensity-forecast.ts')).intensityForecastVerb,
    (options: Partial<TableOptions>) =>
      options.data === undefined
        ? null
        : async (output) => (await import('./intensity-table.ts')).forecastTable(options, output),
  );
}
