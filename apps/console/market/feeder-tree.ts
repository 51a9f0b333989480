import type { EChartsCoreOption } from 'echarts/core';

/** A feeder as a tree: whose parent each bus is. */
export interface FeederLines {
  readonly root: string;
  /** The root first, each bus after its parent. */
  readonly buses: readonly string[];
  readonly children: ReadonlyMap<string, readonly string[]>;
}

interface BusPrice {
  readonly bus: string;
  /** Null where nothing cleared. */
  readonly pricePerMwh: number | null;
  readonly congestionPerMwh: number;
  readonly voltagePerMwh: number;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const asList = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** Of the network as `addFeeder` took it; null of another form, such as a pandapower file. */
export function feederLines(network: unknown): FeederLines | null {
  if (!isObject(network)) return null;
  const neighbours = new Map(asList(network['buses']).map(({ id }) => [String(id), [] as string[]]));
  for (const { from, to, in_service: inService } of asList(network['lines'])) {
    if (inService === false) continue;
    neighbours.get(String(from))?.push(String(to));
    neighbours.get(String(to))?.push(String(from));
  }
  const root = String(network['root']);
  if (!neighbours.has(root)) return null;
  const buses = [root];
  const children = new Map<string, readonly string[]>();
  const seen = new Set(buses);
  for (const bus of buses) {
    const below = neighbours.get(bus)!.filter((each) => neighbours.has(each) && !seen.has(each));
    for (const each of below) seen.add(each);
    children.set(bus, below);
    buses.push(...below);
  }
  return { root, buses, children };
}

/** At the slot's price with what limits add at a bus; a bus without a line of its own has the price of all. */
export function busPrices(
  buses: readonly string[],
  told: readonly Omit<BusPrice, 'pricePerMwh'>[],
  slotPrice: number | null,
): BusPrice[] {
  const added = new Map(told.map((price) => [price.bus, price]));
  const all = [...new Set([...buses, ...added.keys()])];
  return all.map((bus) => {
    const { congestionPerMwh = 0, voltagePerMwh = 0 } = added.get(bus) ?? {};
    const pricePerMwh = slotPrice === null ? null : slotPrice + congestionPerMwh + voltagePerMwh;
    return { bus, pricePerMwh, congestionPerMwh, voltagePerMwh };
  });
}

/** From cheap to dear, by lightness as well as hue. */
const SCALE = ['#0b6e4f', '#5a8f3c', '#b58a14', '#c2571a', '#8c2f1b'] as const;
const BINDING = '#d1242f';

/** Where all cost the same, all are of the first colour. */
export function colourOf(price: number | null, low: number, high: number): string {
  if (price === null || high === low) return SCALE[0];
  const step = Math.round(((price - low) / (high - low)) * (SCALE.length - 1));
  return SCALE[step] ?? SCALE[0];
}

/** Buses coloured by price; lines and buses that hold trades back are red and thick. */
export function treeOption(
  { root, children }: FeederLines,
  prices: readonly BusPrice[],
  binding: readonly string[],
  currency: string,
): EChartsCoreOption {
  const known = prices.flatMap(({ pricePerMwh }) => (pricePerMwh === null ? [] : [pricePerMwh]));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const priceAt = new Map(prices.map(({ bus, pricePerMwh }) => [bus, pricePerMwh]));
  const limits = new Set(binding);
  const node = (bus: string, parent: string | null): object => {
    const price = priceAt.get(bus) ?? null;
    const isFull = limits.has(`line ${parent}–${bus}`);
    const isLow = limits.has(`voltage of ${bus}`);
    return {
      name: bus,
      value: price === null ? '–' : `${price / 1_000} ct/kWh ${currency}`,
      itemStyle: { color: colourOf(price, low, high), borderColor: BINDING, borderWidth: isLow ? 3 : 0 },
      ...(isFull && { lineStyle: { color: BINDING, width: 4 } }),
      children: (children.get(bus) ?? []).map((each) => node(each, bus)),
    };
  };
  return {
    tooltip: { trigger: 'item' },
    series: [
      {
        type: 'tree',
        data: [node(root, null)],
        orient: 'LR',
        edgeShape: 'polyline',
        initialTreeDepth: -1,
        expandAndCollapse: false,
        roam: false,
        symbol: 'circle',
        symbolSize: 12,
        left: 16,
        right: 32,
        top: 16,
        bottom: 16,
        label: { position: 'top', fontSize: 10, distance: 4 },
        lineStyle: { width: 2, color: '#8a9a92', curveness: 0 },
      },
    ],
  };
}
