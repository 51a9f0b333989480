import { type Network, baranWu33, networkOf, priceRadial, radialTree } from '#network';
import { loadSolver } from '#optimization';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** A day with an evening peak that breaks 0.93 pu unless plants help, and a midday in which solar power would break 1.05 pu. */
function dayOfTheFeeder(): Network {
  const load = HOURS.map((hour) => 0.6 + 0.4 * Math.sin(((hour - 12) / 24) * 2 * Math.PI));
  const sun = HOURS.map((hour) => Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)));
  const feeder = baranWu33();
  return networkOf({
    ...feeder,
    price: load.map((share) => 0.1 + 0.2 * share),
    buses: feeder.buses.map(({ id, p, q }) => ({
      id,
      p: load.map((share) => share * p),
      q: load.map((share) => share * q),
      vmin: 0.93,
      vmax: 1.05,
    })),
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
