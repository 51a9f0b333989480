import type { CarbonReport, ReportTotal } from '#carbon';
import {
  drawBars,
  drawFrame,
  drawLegend,
  drawSteps,
  type Frame,
  type LegendItem,
  niceMost,
} from './pdf-chart.ts';
import { BOLD, GRID_FREE, heading, INK, LOCATION, MARGIN, MATCHED, MUTED, PARTS, type Pdf, TILE, WIDTH, write } from './pdf-page.ts'; // prettier-ignore
import { kilograms, kilowattHours, percent } from './quantity-text.ts';
import type { ReportSeries } from './report-series.ts';

interface Tile {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly note: string;
}

const TILE_HEIGHT = 62;
const TILE_GAP = 10;

/** The figures a reader looks for first. @returns where the next thing may stand */
export function drawTiles(pdf: Pdf, report: CarbonReport, y: number): number {
  const tiles = tilesOf(report);
  const inRow = tiles.length > TILES_IN_ROW ? Math.ceil(tiles.length / 2) : tiles.length;
  const after = drawTileRow(pdf, tiles.slice(0, inRow), y);
  const last = tiles.length > inRow ? drawTileRow(pdf, tiles.slice(inRow), after + TILE_GAP) : after;
  return last + 24;
}

function drawTileRow(pdf: Pdf, tiles: readonly Tile[], y: number): number {
  const width = (WIDTH - TILE_GAP * (tiles.length - 1)) / tiles.length;
  for (const [n, { label, value, unit, note }] of tiles.entries()) {
    const x = MARGIN + n * (width + TILE_GAP);
    const at = { x: x + 10, width: width - 20 };
    pdf.roundedRect(x, y, width, TILE_HEIGHT, 4).fill(TILE);
    write(pdf, label, { ...at, y: y + 9 }, { size: 7.5, color: MUTED });
    write(pdf, value, { ...at, y: y + 21 }, { font: BOLD, size: 17, color: INK });
    const valueWidth = pdf.widthOfString(value) + 4;
    write(pdf, unit, { x: at.x + valueWidth, y: y + 28.5, width: at.width - valueWidth + 8 }, { size: 7.5 });
    write(pdf, note, { ...at, y: y + 45 }, { size: 7, color: MUTED });
  }
  return y + TILE_HEIGHT;
}

const OF_INVENTORY = [
  ['Scope 1', 'scope1Kg', 'direct'],
  ['Scope 2, location', 'scope2LocationKg', 'never add the two'],
  ['Scope 2, market', 'scope2MarketKg', 'never add the two'],
  ['Scope 3', 'scope3Kg', 'indirect, as reported'],
  ['All, location-based', 'locationBasedKg', 'scopes 1, 2 and 3'],
  ['All, market-based', 'marketBasedKg', 'scopes 1, 2 and 3'],
] as const;

/** More stand in two rows. */
const TILES_IN_ROW = 4;

const inventoryTiles = ({ indicators }: CarbonReport): Tile[] =>
  OF_INVENTORY.map(([label, key, note]) => ({
    label,
    value: indicators[key] ? Number(indicators[key]).toFixed(1) : 'none',
    unit: 'kg CO2e',
    note,
  }));

function tilesOf(report: CarbonReport): Tile[] {
  const { total, indicators } = report;
  if (indicators['locationBasedKg'] !== undefined) return inventoryTiles(report);
  const energy = total.find(({ account }) => account === 'location');
  const { locationKgPerKwh, marketKgPerKwh, matchedShare, cfeScore } = indicators;
  const share = cfeScore ?? matchedShare ?? null;
  const shares: Tile[] =
    share === null
      ? []
      : [
          {
            label: cfeScore ? 'Carbon-free, by the hour' : 'Matched locally, by the hour',
            value: percent(Number(share)),
            unit: '%',
            note: cfeScore ? 'local and grid' : 'share of the grid not known',
          },
        ];
  return [
    ...total.map((each) => totalTile(each, each.account === 'market' ? marketKgPerKwh : locationKgPerKwh)),
    ...(energy?.unit === 'Wh'
      ? [
          {
            label: 'Drawn from the grid',
            value: kilowattHours(energy.quantity),
            unit: 'kWh',
            note: 'at the meter',
          },
        ]
      : []),
    ...shares,
  ];
}

const totalTile = (
  { scope, account, carrier, grams }: ReportTotal,
  intensity: string | null | undefined,
): Tile => ({
  label: `Scope ${scope}, ${account === null ? carrier : `${account}-based`}`,
  value: kilograms(grams),
  unit: 'kg CO2e',
  note: intensity ? `${Number(intensity).toFixed(3)} kg CO2e/kWh` : carrier,
});

/** Emissions, intensity and matching over time, one chart below the other. @returns where the next thing may stand */
export function drawCharts(pdf: Pdf, report: CarbonReport, series: ReportSeries, top: number): number {
  const labels = series.bins.map(({ label }) => label);
  const afterEmissions = drawEmissions(pdf, report, series, { labels, top, height: 150 });
  const afterIntensity = drawIntensity(pdf, series, { labels, top: afterEmissions, height: 96 });
  return drawMatching(pdf, series, { labels, top: afterIntensity, height: 84 });
}

type Place = Pick<Frame, 'labels' | 'top' | 'height'>;
const BELOW = 38;

function drawEmissions(pdf: Pdf, report: CarbonReport, series: ReportSeries, place: Place): number {
  const { locationKg, marketKg, unit } = series;
  const stacked = locationKg.map((_, n) => marketKg.reduce((sum, { values }) => sum + values[n]!, 0));
  const ordered = gridFirst(report, marketKg).map((part, n) => ({
    ...part,
    color: PARTS[n % PARTS.length]!,
  }));
  const y = heading(pdf, `Emissions by ${unit}`, place.top, 'kg CO2e; never add the two');
  drawLegend(pdf, [
    { label: 'location-based', color: LOCATION },
    ...ordered.map(({ factorId, color }): LegendItem => ({ label: `market: ${nameOf(report, factorId)}`, color })),
  ], place.top + 3); // prettier-ignore
  const most = niceMost(Math.max(...locationKg, ...stacked));
  const frame = { ...place, top: y + 4, most, format: plain };
  drawFrame(pdf, frame);
  drawBars(pdf, frame, { of: 2, at: 0, stack: [{ color: LOCATION, values: locationKg }] });
  drawBars(pdf, frame, { of: 2, at: 1, stack: ordered });
  return frame.top + place.height + BELOW;
}

const gridFirst = (report: CarbonReport, parts: ReportSeries['marketKg']): ReportSeries['marketKg'] =>
  parts.toSorted((a, b) => Number(b.factorId === report.parameters['grid']) - Number(a.factorId === report.parameters['grid'])); // prettier-ignore

const nameOf = ({ factors }: CarbonReport, factorId: string): string =>
  factors.find(({ id }) => id === factorId)?.subject ?? factorId;

const plain = (value: number): string => String(Number(value.toPrecision(3)));

function drawIntensity(pdf: Pdf, { locationKgPerKwh, marketKgPerKwh }: ReportSeries, place: Place): number {
  const y = heading(pdf, 'Intensity', place.top, 'kg CO2e per kWh drawn');
  drawLegend(pdf, [
    { label: 'location-based', color: LOCATION },
    { label: 'market-based', color: PARTS[0]! },
  ], place.top + 3); // prettier-ignore
  const known = [...locationKgPerKwh, ...marketKgPerKwh].map((value) => value ?? 0);
  const frame = { ...place, top: y + 4, most: niceMost(Math.max(...known)), format: plain };
  drawFrame(pdf, frame);
  drawSteps(pdf, frame, { color: LOCATION, values: locationKgPerKwh });
  drawSteps(pdf, frame, { color: PARTS[0]!, values: marketKgPerKwh, dash: 3 });
  return frame.top + place.height + BELOW;
}

function drawMatching(pdf: Pdf, { matched, gridCarbonFree }: ReportSeries, place: Place): number {
  const isKnown = gridCarbonFree.some((share) => share !== null);
  const title = isKnown ? 'Carbon-free energy' : 'Energy matched locally';
  const y = heading(
    pdf,
    title,
    place.top,
    '% of the energy drawn; what is too much in one hour serves no other',
  );
  drawLegend(pdf, [
    { label: 'bought locally', color: MATCHED },
    ...(isKnown ? [{ label: 'in the grid', color: GRID_FREE }] : []),
  ], place.top + 3); // prettier-ignore
  const frame = { ...place, top: y + 4, most: 1, format: (share: number) => `${100 * share}` };
  drawFrame(pdf, frame);
  drawBars(pdf, frame, {
    of: 1,
    at: 0,
    stack: [
      { color: MATCHED, values: matched },
      { color: GRID_FREE, values: gridCarbonFree },
    ],
  });
  return frame.top + place.height + BELOW;
}
