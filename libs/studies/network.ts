import type { LpSolve } from '#core';
import { linDistFlow, operatingEnvelopes, powerFlow, radialTree, setPoints, violations } from '#network';
import { loadSolver } from '#optimization';
import type { z } from 'zod';
import {
  dlmpInput,
  type EnvelopeInput,
  envelopeInput,
  namedNetwork,
  orPandapower,
  type PowerFlowInput,
  powerFlowInput,
} from './network-input.ts';
import { dlmpPeriods } from './network-dlmp.ts';
import { asResult, brokenLimits, type BusName, type FlowView, flowView } from './network-view.ts';
import { noOptions, type Study, type StudyContext, toldSolve } from './study.ts';

/** HiGHS prices a corner of a thousandth of a limit otherwise. */
const TOLERANCES = { primalTolerance: 1e-9, dualTolerance: 1e-9 };

async function solverOf(context: StudyContext): Promise<LpSolve> {
  return toldSolve(await loadSolver(), context, TOLERANCES);
}

export interface PowerFlowPeriod extends FlowView {
  readonly model: string;
  /** Sweeps of the exact power flow. */
  readonly iterations: number;
  readonly violations: ReturnType<typeof brokenLimits>;
}

const BROKEN_BY = 1e-9;

/** @throws the codes of networkOf, radialTree and powerFlow */
export function powerFlowPeriods(input: PowerFlowInput): PowerFlowPeriod[] {
  const { network, names } = namedNetwork(input);
  const tree = radialTree(network);
  return tree.network.periods.map((period) => {
    const { p, q } = setPoints(period);
    const state =
      input.model === 'exact'
        ? powerFlow(tree, p, q)
        : linDistFlow(tree, p, q, input.model === 'lindistflow' ? 'none' : 'linearised');
    return {
      ...flowView(tree, names, state),
      model: input.model,
      iterations: state.iterations,
      violations: brokenLimits(tree, violations(tree, state, BROKEN_BY)),
    };
  });
}

export interface EnvelopePeriod {
  readonly envelopes: readonly { readonly id: BusName; readonly import: number; readonly export: number }[];
  readonly totals: { readonly import: number; readonly export: number };
}

type Members = NonNullable<EnvelopeInput['members']>;

/** @throws the codes of networkOf and operatingEnvelopes */
export function envelopePeriods(input: EnvelopeInput, solve: LpSolve): EnvelopePeriod[] {
  const { network, names, numberOf } = namedNetwork(input);
  const unit = network.powerUnit;
  const everybody = names.flatMap((bus, i): Members => (i === network.root ? [] : [{ bus, weight: 1 }]));
  const members = (input.members ?? everybody).map(({ bus, maxImport, maxExport, weight }) => ({
    bus: numberOf(bus, 'member'),
    weight,
    maxImport: (maxImport ?? Infinity) / unit,
    maxExport: (maxExport ?? Infinity) / unit,
  }));
  return operatingEnvelopes(network, members, input.rule, solve).map((period) => {
    const envelopes = period.map((each, i) => ({
      id: names[members[i]!.bus]!,
      import: each.import * unit,
      export: each.export * unit,
    }));
    const total = (of: 'import' | 'export'): number => envelopes.reduce((sum, each) => sum + each[of], 0);
    return { envelopes, totals: { import: total('import'), export: total('export') } };
  });
}

/** Its input may come as a file of pandapower's. */
export interface NetworkStudy<Input, Result> extends Study<Input, object, Result> {
  readonly form: z.ZodType<Input>;
}

const network = <Input, Result>(
  method: string,
  title: string,
  form: z.ZodType<Input>,
  run: (input: Input, context: StudyContext) => Result | Promise<Result>,
): NetworkStudy<Input, Result> => ({
  verb: 'network',
  method,
  title,
  input: orPandapower(form, {}),
  form,
  options: noOptions,
  run: (input, _options, context) => run(input, context),
});

/** `market network` by each method. */
export const networkStudies = {
  powerflow: network(
    'powerflow',
    'voltages, flows and losses of a radial feeder',
    powerFlowInput,
    (input) => ({ unit: input.unit, ...asResult(powerFlowPeriods(input)) }),
  ),
  dlmp: network(
    'dlmp',
    'cheapest dispatch, and prices in parts of energy, loss, congestion and voltage',
    dlmpInput,
    async (input, context) => ({
      unit: input.unit,
      ...asResult(dlmpPeriods(input, await solverOf(context))),
    }),
  ),
  envelope: network(
    'envelope',
    'ranges of net power within which every limit holds',
    envelopeInput,
    async (input, context) => ({
      unit: input.unit,
      rule: input.rule,
      ...asResult(envelopePeriods(input, await solverOf(context))),
    }),
  ),
};
