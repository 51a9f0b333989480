import { z } from 'zod';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask } from '../platform/graphql-client.ts';
import { CARD, DECLINE, namesOf } from './task-answer.ts';

const LIST = `query Tasks($first: Int!, $after: String) {
  tasks(first: $first, after: $after) {
    edges { node { id cardHash phase round createdAt card awaited
      declines { organisationId code reason declinedAt } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const TASK = z.object({
  id: z.string(),
  cardHash: z.string(),
  phase: z.string(),
  round: z.number(),
  createdAt: z.string(),
  card: CARD,
  awaited: z.array(z.string()),
  declines: z.array(DECLINE),
});
const LISTED = z.object({
  tasks: z.object({
    edges: z.array(z.object({ node: TASK })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

/** One page of tasks, newest first; the cards are left out of the JSON, they are long. */
export async function listTasks(
  options: AdminOptions & { readonly first: number; readonly after?: string },
  output: Output,
): Promise<void> {
  const { first, after } = options;
  const { tasks } = await ask(await accessOf(options), LIST, { first, after: after ?? null }, LISTED);
  const { hasNextPage, endCursor } = tasks.pageInfo;
  const nodes = tasks.edges.map(({ node }) => node);
  const lines = nodes.map(lineOf);
  if (hasNextPage) lines.push(`more: --after ${endCursor}`);
  output.result(
    {
      tasks: nodes.map(({ card, ...task }) => ({ ...task, series: card.data.series })),
      hasNextPage,
      endCursor,
    },
    lines.length === 0 ? 'no task' : lines.join('\n'),
  );
}

function lineOf({ id, phase, round, createdAt, card, awaited, declines }: z.infer<typeof TASK>): string {
  const waiting = awaited.length === 0 ? '' : `, awaits ${namesOf(card, awaited)}`;
  const declined = declines.length === 0 ? '' : `, declined by ${declines.length}`;
  return `${id}  ${createdAt}  ${card.data.series.join(', ')}  ${phase}, round ${round}${waiting}${declined}`;
}
