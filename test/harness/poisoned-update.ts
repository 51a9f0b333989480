import { writeFileSync } from 'node:fs';
import { networkTask, type TaskState, valueLimit } from '#federation';
import { weightCount } from '#learning';
import { networkStatistic } from '../../apps/participant/forecasting/network-site.ts';
import type { FederationSite } from './federation-round.ts';

const FACTOR = 100;

/**
 * Replaces the vector that a node keeps for the task's first step by a hostile one: its update a hundred times as long, as
 * far as lanes carry it, beside honest figures. The node sends it as its own.
 */
export async function poisonFirstUpdate({ node }: FederationSite, state: TaskState): Promise<void> {
  const { card, cardHash, step } = state;
  const { encryption } = card;
  const limit = valueLimit(encryption) / 2 ** encryption.fractionBits;
  const weights = weightCount(networkTask(card).model);
  const honest = await networkStatistic(node, state, []);
  const hostile = honest.map((value, i) =>
    Math.max(-limit, Math.min(limit, i < weights ? FACTOR * value : value)),
  );
  writeFileSync(
    node.directory.file('federation', cardHash, `update-${step}.bin`),
    new Uint8Array(hostile.buffer),
  );
}
