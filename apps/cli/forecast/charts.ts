import { type Markup, markup } from './markup.ts';

/* Charts as inline SVG. Colours are classes (the page has a light and a dark set); each has a title, a description and a table. */

/** What a chart says to those who do not see it. */
export interface Told {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** A line: NaN is a gap. `look` is a class of the page: s0 … s6, actual, median. */
export interface Line {
  readonly look: string;
  readonly values: ArrayLike<number>;
}

/** Between two lines. */
export interface Band {
  readonly look: string;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

export interface LineChart extends Told {
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  readonly width: number;
  readonly height: number;
  readonly yLabel: string;
  /** What stands below position `at` of the lines. */
  readonly xTicks: readonly { readonly at: number; readonly label: string }[];
  readonly xLabel: string;
  /** The axis begins at 0, as errors do. */
  readonly fromZero: boolean;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const frameOf = (width: number, height: number): Frame => ({
  left: 56,
  right: width - 12,
  top: 14,
  bottom: height - 42,
});

const TICKS = 5;
const SMALLEST = 1e-200;
const CLOSEST = 1e-6;

/** Round numbers from just below the least to just above the largest, about five: multiples of 1, 2 or 5 powers of ten. */
export function niceTicks(least: number, largest: number): number[] {
  const size = Math.max(Math.abs(least), Math.abs(largest));
  // Nearer than their digits tell apart, or nothing at all: an axis needs a length.
  const span = size > SMALLEST ? Math.max(largest - least, CLOSEST * size) : 1;
  if (!Number.isFinite(span)) return [least, largest];
  const rough = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const linear =
  (from: number, to: number, low: number, high: number) =>
  (value: number): number =>
    low + ((value - from) / (to - from || 1)) * (high - low);

const pixel = (value: number): string => value.toFixed(1);

/** A path through the known values; a lone one is a dot. */
function pathOf(values: ArrayLike<number>, x: (i: number) => number, y: (value: number) => number): string {
  let path = '';
  let drawing = false;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (!Number.isFinite(value)) drawing = false;
    else {
      path += `${drawing ? 'L' : 'M'}${pixel(x(i))} ${pixel(y(value))}`;
      if (!drawing) path += 'h0';
      drawing = true;
    }
  }
  return path;
}

function areaOf({ low, high }: Band, x: (i: number) => number, y: (value: number) => number): string {
  const known = Array.from({ length: low.length }, (_, i) => i).filter((i) =>
    Number.isFinite(low[i]! + high[i]!),
  );
  if (known.length === 0) return '';
  const above = known.map((i) => `${pixel(x(i))} ${pixel(y(high[i]!))}`);
  const below = known.toReversed().map((i) => `${pixel(x(i))} ${pixel(y(low[i]!))}`);
  return `M${[...above, ...below].join('L')}Z`;
}

function extremes(lists: readonly ArrayLike<number>[]): [number, number] {
  let [least, largest] = [Infinity, -Infinity];
  for (const list of lists)
    for (let i = 0; i < list.length; i += 1) {
      const value = list[i]!;
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
  return least <= largest ? [least, largest] : [0, 1];
}

const svg = ({ id, title, description }: Told, width: number, height: number, content: Markup): Markup =>
  markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${content}</svg>`;

function yAxis(
  { left, right, top, bottom }: Frame,
  ticks: readonly number[],
  y: (v: number) => number,
  label: string,
): Markup {
  const middle = (top + bottom) / 2;
  return markup`${ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${left}" x2="${right}" y1="${pixel(y(tick))}" y2="${pixel(y(tick))}"/><text x="${left - 6}" y="${pixel(y(tick) + 4)}" text-anchor="end">${shortNumber(tick)}</text>`,
  )}<text class="label" transform="translate(12 ${pixel(middle)}) rotate(-90)" text-anchor="middle">${label}</text>`;
}

/** As few characters as tell ticks apart. */
const shortNumber = (value: number): string =>
  Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential() : String(value);

/** Bands, then lines over them. */
export function lineChart(chart: LineChart): Markup {
  const { lines, bands = [], width, height, xTicks, fromZero } = chart;
  const frame = frameOf(width, height);
  const { left, right, top, bottom } = frame;
  const length = Math.max(...lines.map(({ values }) => values.length));
  const [least, largest] = extremes([
    ...lines.map(({ values }) => values),
    ...bands.flatMap(({ low, high }) => [low, high]),
  ]);
  const ticks = niceTicks(fromZero ? Math.min(0, least) : least, largest);
  const x = linear(0, Math.max(1, length - 1), left + 6, right - 6);
  const y = linear(ticks[0]!, ticks.at(-1)!, bottom, top);
  const below = xTicks.map(
    ({ at, label }) =>
      markup`<text x="${pixel(x(at))}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
  );
  const areas = bands.map((band) => markup`<path class="band ${band.look}" d="${areaOf(band, x, y)}"/>`);
  const curves = lines.map(
    ({ look, values }) => markup`<path class="line ${look}" d="${pathOf(values, x, y)}"/>`,
  );
  const content = markup`${yAxis(frame, ticks, y, chart.yLabel)}${below}<text class="label" x="${pixel((left + right) / 2)}" y="${height - 8}" text-anchor="middle">${chart.xLabel}</text>${areas}${curves}`;
  return svg(chart, width, height, content);
}

export interface PairChart extends Told {
  /** The two points of each row. */
  readonly rows: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  readonly looks: readonly [from: string, to: string];
  readonly xLabel: string;
}

const ROW_HEIGHT = 22;
const NAME_CHARACTERS = 22;

/** Two values of each row, joined: which way and how far one is from the other. */
export function pairChart(chart: PairChart): Markup {
  const { rows, looks } = chart;
  const [width, left, right, top] = [720, 170, 700, 10];
  const bottom = top + rows.length * ROW_HEIGHT;
  const ticks = niceTicks(0, extremes([rows.flatMap(({ from, to }) => [from, to])])[1]);
  const x = linear(ticks[0]!, ticks.at(-1)!, left, right);
  const grid = ticks.map(
    (tick) =>
      markup`<line class="grid" x1="${pixel(x(tick))}" x2="${pixel(x(tick))}" y1="${top}" y2="${bottom}"/><text x="${pixel(x(tick))}" y="${bottom + 16}" text-anchor="middle">${shortNumber(tick)}</text>`,
  );
  const drawn = rows.map(({ name, from, to }, i) => {
    const y = top + (i + 0.5) * ROW_HEIGHT;
    const characters = Array.from(name);
    const label =
      characters.length > NAME_CHARACTERS ? `${characters.slice(0, NAME_CHARACTERS - 1).join('')}…` : name;
    const points = [from, to].map((value, k) =>
      Number.isFinite(value)
        ? markup`<circle class="dot ${looks[k]!}" cx="${pixel(x(value))}" cy="${y}" r="5"/>`
        : '',
    );
    const join = Number.isFinite(from + to)
      ? markup`<line class="join" x1="${pixel(x(from))}" x2="${pixel(x(to))}" y1="${y}" y2="${y}"/>`
      : '';
    return markup`<text x="${left - 10}" y="${y + 4}" text-anchor="end">${label}</text>${join}${points}`;
  });
  const height = bottom + 42;
  const label = markup`<text class="label" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${chart.xLabel}</text>`;
  return svg(chart, width, height, markup`${grid}${drawn}${label}`);
}

/** Shares of readings found in intervals over those that should be, 0 to 100 %; on the diagonal they agree. */
export function calibrationChart(
  told: Told,
  points: readonly { readonly nominal: number; readonly found: number }[],
): Markup {
  const [width, height] = [360, 320];
  const frame = frameOf(width, height);
  const { left, right, top, bottom } = frame;
  const ticks = [0, 20, 40, 60, 80, 100];
  const x = linear(0, 100, left + 6, right - 6);
  const y = linear(0, 100, bottom, top);
  const below = ticks.map(
    (tick) => markup`<text x="${pixel(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
  );
  const dots = points
    .filter(({ found }) => Number.isFinite(found))
    .map(
      ({ nominal, found }) =>
        markup`<circle class="dot s5" cx="${pixel(x(nominal))}" cy="${pixel(y(found))}" r="5"/>`,
    );
  const diagonal = markup`<line class="ideal" x1="${pixel(x(0))}" y1="${pixel(y(0))}" x2="${pixel(x(100))}" y2="${pixel(y(100))}"/>`;
  const label = markup`<text class="label" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">nominal, %</text>`;
  return svg(
    told,
    width,
    height,
    markup`${yAxis(frame, ticks, y, 'readings inside, %')}${below}${diagonal}${dots}${label}`,
  );
}
