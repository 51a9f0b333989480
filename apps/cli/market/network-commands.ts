import { type Command, Option } from 'commander';
import type { OutputOf } from '../output.ts';
import type { NetworkSource } from './network.ts';

const HELP = `
The network is JSON (shape: --schema), a file of pandapower's to_json, or a pair of CSV files. Powers are in kW and
impedances in ohm unless the input says otherwise; consumption is positive; decimals may be strings.
`;

const example = (verb: string): string => `
Example:
  echo '{"base": {"kv": 12.66, "mva": 10}, "root": "grid", "price": 0.20,
    "buses": [{"id": "grid"}, {"id": "north", "p": 900, "q": 300, "vmin": 0.95, "vmax": 1.05}],
    "lines": [{"from": "grid", "to": "north", "r": 1.2, "x": 0.8, "limit": 2000}]
  }' | gridcommons market network ${verb} --input - --json`;

interface Options {
  readonly input?: string;
  readonly buses?: string;
  readonly lines?: string;
  readonly schema?: boolean;
  readonly model?: string;
  readonly rule?: string;
  readonly price?: string;
  readonly root?: string;
  readonly unit?: string;
  readonly impedanceUnit?: string;
  readonly baseKv?: string;
  readonly baseMva?: string;
}

type Verb = 'powerflow' | 'dlmp' | 'envelope';

const VERBS: Readonly<Record<Verb, { readonly description: string; readonly choice: Option }>> = {
  powerflow: {
    description: 'voltages, flows and losses of a radial feeder',
    choice: new Option('--model <model>', 'of flows').choices(['exact', 'lindistflow', 'lindistflow-losses']),
  },
  dlmp: {
    description: 'cheapest dispatch, and prices in parts of energy, loss, congestion and voltage',
    choice: new Option('--model <model>', 'of flows').choices(['auto', 'exact', 'lindistflow', 'dc']),
  },
  envelope: {
    description: 'ranges of net power within which every limit holds',
    choice: new Option('--rule <rule>', 'how what the grid carries is divided').choices([
      'equal',
      'weighted',
      'maximal',
    ]),
  },
};

/** `market network …`: power flow, prices and envelopes of a network from a file. */
export function registerNetworkCommands(program: Command, outputOf: OutputOf): void {
  const market = program.commands.find((command) => command.name() === 'market')!;
  const network = market
    .command('network')
    .description('power flow, locational prices and envelopes of a network')
    .addHelpText('after', HELP);
  for (const name of Object.keys(VERBS) as Verb[]) registerVerb(network, name, outputOf);
}

function registerVerb(network: Command, name: Verb, outputOf: OutputOf): void {
  const { description, choice } = VERBS[name];
  network
    .command(name)
    .description(description)
    .addOption(
      new Option('--input <file>', 'the network as JSON, - for standard input').conflicts([
        'buses',
        'lines',
        'schema',
      ]),
    )
    .option('--buses <file>', 'buses as CSV: id and any of p, q, vmin, vmax, shuntP, shuntQ')
    .option('--lines <file>', 'lines as CSV: from, to, r, x and any of limit, in_service')
    .option('--root <bus>', 'bus at the grid')
    .option('--base-kv <kv>', 'line voltage of the per-unit system')
    .option('--base-mva <mva>', 'power of the per-unit system')
    .addOption(new Option('--unit <unit>', 'of powers').choices(['kW', 'MW', 'pu']))
    .addOption(new Option('--impedance-unit <unit>', 'of r and x').choices(['ohm', 'pu']))
    .option('--price <price>', 'of the grid at the root, per unit and hour')
    .addOption(choice)
    .option('--schema', 'print the JSON Schema of the input instead')
    .addHelpText('after', `${HELP}${example(name)}`)
    .action(async (options: Options, command: Command) => {
      const files = await import('./network.ts');
      if (options.schema === true) {
        files.printNetworkSchema(name, outputOf(command));
        return;
      }
      requireSource(options, command);
      const run = { powerflow: files.powerFlowFile, dlmp: files.dlmpFile, envelope: files.envelopeFile };
      await run[name](sourceOf(options), outputOf(command));
    });
}

function requireSource({ input, buses, lines }: Options, command: Command): void {
  if (input !== undefined || (buses !== undefined && lines !== undefined)) return;
  command.error(
    "error: required option '--input <file>', or '--buses <file>' and '--lines <file>', not specified",
    {
      code: 'commander.missingMandatoryOptionValue',
    },
  );
}

function sourceOf({ input, buses, lines, baseKv, baseMva, ...options }: Options): NetworkSource {
  const base = baseKv === undefined && baseMva === undefined ? {} : { base: { kv: baseKv, mva: baseMva } };
  const files = { ...(input === undefined ? {} : { input }), ...(buses === undefined ? {} : { buses }) };
  return { ...files, ...(lines === undefined ? {} : { lines }), options: { ...options, ...base } };
}
