import { existsSync, readFileSync } from 'node:fs';
import { DomainError } from '#core';
import { type Aggregator, groupsIn, type StepSums, summedGroups, type TaskState } from '#federation';
import { outcomeOf } from '#forecasting';
import { writeDurably } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';
import { requireTrueSums } from './true-sums.ts';

/**
 * The sums of all released steps, each fetched once and kept beside the task's log: what follows from the newest is computed
 * here, and must be what the platform released. With an aggregator each sum is recomputed from its ciphertexts, too: before
 * anything is trained from it.
 * @throws SUM_FALSE, MODEL_HASH_MISMATCH, AGGREGATE_LENGTH, BLOB_MISMATCH
 */
export async function releasedSums(
  node: SiteNode,
  state: TaskState,
  aggregator?: Aggregator,
): Promise<StepSums[]> {
  const { card, cardHash, releases } = state;
  const steps: StepSums[] = [];
  for (const [step, released] of releases.entries()) {
    const { release, cohort } = released;
    const file = node.directory.file('federation', cardHash, `aggregate-${step}.bin`);
    if (!existsSync(file)) {
      const groups = summedGroups(card, cohort).length;
      const { encryption } = card;
      const bytes = await node.client.getBlob(release.aggregate.blob, 8 * groups * encryption.values);
      if (aggregator) await requireTrueSums(node, card, released, groupsIn(bytes, card), aggregator);
      writeDurably(file, bytes);
    }
    steps.push({ groups: groupsIn(readFileSync(file), card), cohort });
  }
  const last = releases.at(-1);
  if (!last) return steps;
  const own = await outcomeOf(card, steps);
  if (own.modelHash !== last.release.modelHash || own.final !== last.release.final) {
    throw new DomainError(
      'MODEL_HASH_MISMATCH',
      `expected model ${own.modelHash} from the released sums, got ${last.release.modelHash}`,
      'conflict',
    );
  }
  return steps;
}
