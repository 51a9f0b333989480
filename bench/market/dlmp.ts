import { type Network, networkOf, priceRadial, radialTree } from '#network';
import { loadSolver } from '#optimization';

/** Consumption in kW and kvar of buses 1 … 33 and lines in ohm of the 33-bus feeder (Baran & Wu 1989, doi:10.1109/61.25627). */
const LOADS =
  '0,0 100,60 90,40 120,80 60,30 60,20 200,100 200,100 60,20 60,20 45,30 60,35 60,35 120,80 60,10 60,20 60,20 90,40 90,40 90,40 90,40 90,40 90,50 420,200 420,200 60,25 60,25 60,20 120,70 200,600 150,70 210,100 60,40';
const LINES =
  '1,2,.0922,.047 2,3,.493,.2511 3,4,.366,.1864 4,5,.3811,.1941 5,6,.819,.707 6,7,.1872,.6188 7,8,.7114,.2351 8,9,1.03,.74 9,10,1.044,.74 10,11,.1966,.065 11,12,.3744,.1238 12,13,1.468,1.155 13,14,.5416,.7129 14,15,.591,.526 15,16,.7463,.545 16,17,1.289,1.721 17,18,.732,.574 2,19,.164,.1565 19,20,1.5042,1.3554 20,21,.4095,.4784 21,22,.7089,.9373 3,23,.4512,.3083 23,24,.898,.7091 24,25,.896,.7011 6,26,.203,.1034 26,27,.2842,.1447 27,28,1.059,.9337 28,29,.8042,.7006 29,30,.5075,.2585 30,31,.9744,.963 31,32,.3105,.3619 32,33,.341,.5302';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const numbers = (row: string): number[] => row.split(',').map(Number);

/** A day with an evening peak that breaks 0.93 pu unless plants help, and a midday in which solar power would break 1.05 pu. */
function dayOfTheFeeder(): Network {
  const load = HOURS.map((hour) => 0.6 + 0.4 * Math.sin(((hour - 12) / 24) * 2 * Math.PI));
  const sun = HOURS.map((hour) => Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)));
  return networkOf({
    base: { kv: 12.66, mva: 10 },
    root: '1',
    price: load.map((share) => 0.1 + 0.2 * share),
    buses: LOADS.split(' ').map((row, i) => {
      const [p, q] = numbers(row);
      return {
        id: String(i + 1),
        p: load.map((share) => share * p!),
        q: load.map((share) => share * q!),
        vmin: 0.93,
        vmax: 1.05,
      };
    }),
    lines: LINES.split(' ').map((row) => {
      const [from, to, r, x] = numbers(row);
      return { from: String(from), to: String(to), r: r!, x: x! };
    }),
    generators: [
      { id: 'solar 18', bus: '18', cost: 0, pmax: sun.map((share) => 2_500 * share) },
      { id: 'plant 14', bus: '14', cost: 0.5, pmax: 800 },
      { id: 'plant 25', bus: '25', cost: 0.22, pmax: 600 },
      { id: 'plant 33', bus: '33', cost: 0.4, pmax: 800, qmin: -200, qmax: 200 },
    ],
  });
}

export interface DlmpMeasurement {
  /** Best of the runs: from the checked network to prices of 33 buses in 24 hours, exact power flow included. */
  readonly seconds: number;
  readonly hoursWithVoltageLimit: number;
  readonly hoursWithLosses: number;
  /** Largest |Σ parts − dual|, per kWh. */
  readonly largestResidual: number;
  /** Limits broken in the exact power flow. */
  readonly broken: number;
}

/** `dlmp33x24`: locational prices of the 33-bus feeder over a day. */
export async function measureDlmp(runs = 5): Promise<DlmpMeasurement> {
  const solver = await loadSolver();
  const tree = radialTree(dayOfTheFeeder());
  const price = () => priceRadial(tree, (problem) => solver.solve(problem));
  const hours = price();
  const seconds = Array.from({ length: runs }, () => {
    const start = performance.now();
    price();
    return (performance.now() - start) / 1_000;
  });
  const residuals = hours.flatMap(({ prices }) =>
    [...prices.p, ...prices.q].map(({ energy, loss, congestion, voltage, dual }) =>
      Math.abs(energy + loss + congestion + voltage - dual),
    ),
  );
  return {
    seconds: Math.min(...seconds),
    hoursWithVoltageLimit: hours.filter(({ dispatch }) => dispatch.binding.length > 0).length,
    hoursWithLosses: hours.filter(({ prices }) => prices.p.some(({ loss }) => loss !== 0)).length,
    largestResidual: Math.max(...residuals),
    broken: hours.reduce((sum, { broken }) => sum + broken.length, 0),
  };
}
