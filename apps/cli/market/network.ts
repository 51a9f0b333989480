import { requireInput } from '#inputs';
import { networkFromCsv } from '#network';
import {
  type DlmpPeriod,
  type EnvelopePeriod,
  type NetworkStudy,
  networkStudies,
  orPandapower,
  periodsOf,
  type PowerFlowPeriod,
} from '#studies';
import { z } from 'zod';
import { readInput, readInputFile } from '../input.ts';
import type { Output } from '../output.ts';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

/** Where a network comes from, and what the command line says besides. */
export interface NetworkSource {
  readonly input?: string;
  readonly buses?: string;
  readonly lines?: string;
  /** Keys of the input that options set. */
  readonly options: Readonly<Record<string, unknown>>;
}

export function printNetworkSchema(verb: keyof typeof networkStudies, output: Output): void {
  const schema = z.toJSONSchema(networkStudies[verb].form, { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

const MAX_CSV_BYTES = 64 * 2 ** 20;

async function read<T>(source: NetworkSource, schema: z.ZodType<T>): Promise<T> {
  const { input, buses, lines, options } = source;
  if (input !== undefined) return readInput(input, orPandapower(schema, options));
  const [busText, lineText] = await Promise.all(
    [buses!, lines!].map(async (path) => new TextDecoder().decode(await readInputFile(path, MAX_CSV_BYTES))),
  );
  const { buses: busData, lines: lineData } = networkFromCsv({ buses: busText!, lines: lineText! });
  return requireInput({ ...options, buses: busData, lines: lineData }, schema);
}

const fileVerb =
  <Input, Result>(study: NetworkStudy<Input, Result>, text: (result: Result, input: Input) => string) =>
  async (source: NetworkSource, output: Output): Promise<void> =>
    studyVerb(study, text).run(await read(source, study.form), output, {});

export const powerFlowFile = fileVerb(networkStudies.powerflow, (result, { unit }) =>
  periodsOf<PowerFlowPeriod>(result)
    .map((period) => flowText(period, unit))
    .join('\n\n'),
);

export const dlmpFile = fileVerb(networkStudies.dlmp, (result) =>
  periodsOf<DlmpPeriod>(result).map(priceText).join('\n\n'),
);

export const envelopeFile = fileVerb(networkStudies.envelope, (result, { unit }) =>
  periodsOf<EnvelopePeriod>(result)
    .map(({ envelopes }) =>
      tableText(
        ['bus', `import ${unit}`, `export ${unit}`],
        envelopes.map((each) => [String(each.id), each.import, each.export]),
      ),
    )
    .join('\n\n'),
);

function flowText(
  { voltages, flows, losses, supply, lowest, violations: broken }: PowerFlowPeriod,
  unit: string,
): string {
  return [
    `losses ${losses.p.toFixed(4)} ${unit}, supply ${supply.p.toFixed(4)} ${unit}, lowest voltage ${lowest.vm.toFixed(6)} pu at ${lowest.id}`,
    ...broken.map(
      ({ limit, value, bound }) => `broken: ${limit} ${value.toFixed(6)}, limit ${bound.toFixed(6)}`,
    ),
    tableText(
      ['bus', 'vm pu', 'va °'],
      voltages.map(({ id, vm, va }) => [String(id), vm, va ?? '–']),
    ),
    tableText(
      ['line', `p ${unit}`, `q ${unit}`, `loss ${unit}`],
      flows.map(({ from, to, p, q, loss }) => [`${from}–${to}`, p, q, loss]),
    ),
  ].join('\n\n');
}

function priceText({ prices, generators, binding = [], trades = [] }: DlmpPeriod): string {
  return [
    tableText(
      ['bus', 'price', 'energy', 'loss', 'congestion', 'voltage'],
      prices.map(({ id, dual, energy, loss, congestion, voltage }) => [
        String(id),
        dual,
        energy,
        loss,
        congestion,
        voltage,
      ]),
    ),
    tableText(
      ['generator', 'p', 'q'],
      generators.map(({ id, p, q }) => [id, p, q]),
    ),
    tableText(
      ['limit that holds', 'bound', 'worth'],
      binding.map(({ limit, bound, shadowPrice }) => [limit, bound, shadowPrice]),
    ),
    tableText(
      ['trade', 'status', 'quantity', 'charge', 'loss', 'congestion', 'voltage'],
      trades.map(({ id, status, quantity, charge }) => [
        String(id),
        status,
        quantity,
        charge.total,
        charge.loss,
        charge.congestion,
        charge.voltage,
      ]),
    ),
  ]
    .filter((table) => table.includes('\n'))
    .join('\n\n');
}
