import { expect, it } from '@jest/globals';
import { requireInput } from '#inputs';
import { type TraceResult, traceStudy } from '#studies';
import { carbonCases } from '../../test/harness/published-cases.ts';

/** A case in the shape of `carbon trace`. */
const trace = async (input: object, options: object = {}): Promise<TraceResult> =>
  traceStudy.run(requireInput(input, traceStudy.input), options, { progress: () => undefined });

const expectNear = (got: number, want: number, tolerance: number): void =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance);

/** In case 04: D3 is at the transit node; the other agents are nodes of their own. */
const nodeOf = (agent: string): string => (agent === 'D3' ? 'N' : agent);

type Participations = Readonly<Record<string, Readonly<Record<string, number>>>>;

carbonCases.published('published flow tracing', () => {
  it('04 InfraFair, Olmos & Pérez-Arriaga 2007: average participations of five agents over four lines', async () => {
    interface Case {
      readonly input: {
        readonly generators: Readonly<Record<string, number>>;
        readonly demands: Readonly<Record<string, number>>;
        readonly lines: readonly {
          readonly id: string;
          readonly from: string;
          readonly to: string;
          readonly mw: number;
        }[];
      };
      readonly expected: {
        readonly line_by_generator: Participations;
        readonly line_by_demand: Participations;
      };
      readonly tolerance_absolute: number;
    }
    const {
      input,
      expected,
      tolerance_absolute: tolerance,
    }: Case = JSON.parse(carbonCases.readCase('04_flow_tracing_infrafair_basic.json'));
    const ids = new Set(input.lines.flatMap(({ from, to }) => [from, to]));
    const demandAt = Object.fromEntries(Object.entries(input.demands).map(([id, mw]) => [nodeOf(id), mw]));
    const generationAt = (id: string) => (id in input.generators ? { [id]: input.generators[id]! } : {});
    const { provenance, checks } = await trace(
      {
        zones: [...ids].map((id) => ({ id, generation: generationAt(id), demand: demandAt[id] ?? 0 })),
        flows: input.lines.map(({ from, to, mw }) => ({ from, to, mwh: mw })),
        pollutants: [],
      },
      { provenance: true },
    );
    expect(checks.cleaned).toBe(false);
    for (const { id, from, to } of input.lines) {
      const line = provenance!.lines.find((each) => each.from === from && each.to === to)!;
      for (const [agent, mw] of Object.entries(expected.line_by_generator[id]!)) {
        expectNear(line.sources.find(({ zone }) => zone === nodeOf(agent))?.mwh ?? 0, mw, tolerance);
      }
      for (const [agent, mw] of Object.entries(expected.line_by_demand[id]!)) {
        expectNear(line.sinks.find(({ zone }) => zone === nodeOf(agent))?.mwh ?? 0, mw, tolerance);
      }
    }
    const { zone, from } = provenance!.demands.find((demand) => demand.zone === 'D2')!;
    expect([zone, from.map((each) => each.fuel)]).toEqual(['D2', ['G1', 'G2']]);
    expectNear(from[0]!.mwh, (35 * 20) / 60, 1e-9);
  });

  it('06 Electricity Maps: a tenth imported at 5 gCO2e/kWh beside own production at 200', async () => {
    interface Case {
      readonly input: Readonly<Record<`${'own_production' | 'import'}_${'share' | 'intensity'}`, number>>;
      readonly expected: { readonly consumption_intensity: number };
    }
    const { input, expected }: Case = JSON.parse(
      carbonCases.readCase('06_consumption_mix_electricitymap_issue.json'),
    );
    const { zones, checks } = await trace({
      zones: [
        { id: 'here', generation: { own: input.own_production_share }, demand: 1 },
        { id: 'neighbour', generation: { theirs: input.import_share }, demand: 0 },
      ],
      flows: [{ from: 'neighbour', to: 'here', mwh: input.import_share }],
      factors: { own: input.own_production_intensity, theirs: input.import_intensity },
    });
    expectNear(zones[0]!.intensity!, expected.consumption_intensity, 1e-9);
    expectNear(checks.residualKg, 0, 1e-9);
  });
});
