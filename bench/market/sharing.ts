import { withParts } from '#core';
import { randomSource, uniform } from '#learning';
import { loadSolver, subsetObjectives } from '#optimization';
import {
  type DispatchMember,
  type DispatchTerms,
  admmMember,
  buildDispatch,
  coordinateDispatch,
  savingsGame,
  shapleyValue,
} from '#sharing';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const evening = (hour: number): number => (hour > 17 && hour < 22 ? 0.8 : 0);

/** Members with load, PV and a battery over a day, each different. */
function community(count: number): DispatchMember[] {
  const next = randomSource(2026);
  const within = (low: number, high: number) => low + (high - low) * uniform(next);
  return Array.from({ length: count }, (_, i) => {
    const [base, sun] = [within(500, 1_500), within(0, 3_000)];
    return {
      id: `member-${i}`,
      loadWh: HOURS.map((hour) => Math.round(base * (within(0.4, 1) + evening(hour)))),
      pvWh: HOURS.map((hour) =>
        Math.round(sun * Math.max(0, Math.sin(((hour - 6) * Math.PI) / 12)) * within(0.7, 1)),
      ),
      battery: {
        capacityWh: Math.round(within(2_000, 6_000)),
        chargeWh: Math.round(within(1_000, 3_000)),
        dischargeWh: Math.round(within(1_000, 3_000)),
        chargeEfficiency: within(0.92, 0.98),
        dischargeEfficiency: within(0.92, 0.98),
        initialWh: 1_000,
      },
    };
  });
}

const TERMS: DispatchTerms = {
  buyPerMwh: HOURS.map((hour) => 20_000 + 300 * (hour % 6) + (hour > 16 && hour < 22 ? 15_000 : 0)),
  sellPerMwh: HOURS.map(() => 8_000),
};

const secondsSince = (started: number): number => (performance.now() - started) / 1000;
/** Of all threads: what the seconds are on a machine that does nothing else, times its threads. */
function processorSecondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** Shapley value of 16 members with PV and a battery over 24 h: a linear program for each of 65 535 coalitions. */
export async function measureShapley16(progress: (text: string) => void) {
  const members = community(16);
  const started = performance.now();
  const processor = process.cpuUsage();
  const costs = await subsetObjectives(buildDispatch(members, TERMS), {
    threads: 2,
    onProgress: (solved, all) => {
      if (solved % 8_192 === 0) progress(`shapley16: ${solved} of ${all} programs`);
    },
  });
  const game = savingsGame(
    members.map(({ id }) => id),
    costs,
  );
  const shares = shapleyValue(game);
  return {
    seconds: secondsSince(started),
    processorSeconds: processorSecondsSince(processor),
    coalitions: costs.length - 1,
    savedPerDay: game.values.at(-1)!,
    leastShare: Math.min(...shares),
  };
}

/** 1 000 members with a battery over 24 h, their data private, against the central program. */
export async function measureAdmm1000(progress: (text: string) => void) {
  const members = community(1_000);
  const started = performance.now();
  const processor = process.cpuUsage();
  const { rounds, residuals, cost } = coordinateDispatch(
    members.map((member) => admmMember(member, TERMS)),
    TERMS,
    {
      onRound: (round, { primal, dual }) => {
        if (round % 50 === 0) progress(`admm1000: round ${round}, residuals ${primal} and ${dual}`);
      },
    },
  );
  const seconds = secondsSince(started);
  const processorSeconds = processorSecondsSince(processor);
  const solver = await loadSolver();
  const central = solver.solve(withParts(buildDispatch(members, TERMS)), {
    method: 'ipm',
    timeLimitSeconds: 300,
  });
  return {
    seconds,
    processorSeconds,
    rounds,
    primalResidual: residuals.primal,
    dualResidual: residuals.dual,
    aboveCentral: (cost - central.objective) / Math.abs(central.objective),
    centralSeconds: secondsSince(started) - seconds,
  };
}
