import { beforeAll, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { type AnyMessage, messageHash } from '#federation';
import type { Database } from '#persistence';
import { appendEntry, type TranscriptEntry } from '#transcript';
import { MemoryCommunity } from '../../../test/harness/memory-community.ts';
import { TaskJournal } from './task-journal.ts';

let said: readonly AnyMessage[];
beforeAll(async () => {
  const community = await MemoryCommunity.start(4);
  try {
    const history = await community.open();
    await community.run(history, 'committing');
    said = history.entries.map(({ message }) => message);
  } finally {
    community.stop();
  }
});

/** Two reads of a server on which another process commits between them, as READ COMMITTED lets it. */
class Server {
  readonly entries: (TranscriptEntry & { messageHash: string })[] = [];
  between: () => Promise<void> = async () => undefined;

  async commit(message: AnyMessage): Promise<void> {
    const entry = await appendEntry(this.entries.at(-1) ?? null, message);
    this.entries.push({ ...entry, messageHash: await messageHash(message) });
  }

  get manager(): EntityManager {
    const findOne = async () => {
      const { index, hash } = this.entries.at(-1)!;
      await this.between();
      return { id: 'task', headIndex: index, headHash: hash };
    };
    const find = async (_entity: unknown, { where }: { where: { index: { value: [number, number] } } }) =>
      this.entries.filter(({ index }) => index >= where.index.value[0] && index <= where.index.value[1]);
    return { findOne, find } as unknown as EntityManager;
  }
}

it('reads a state no further than the head it was read with, whatever is appended meanwhile', async () => {
  const server = new Server();
  const [card, first, second, third] = said as [AnyMessage, AnyMessage, AnyMessage, AnyMessage];
  const journal = new TaskJournal({} as Database);
  const dealt = async () => (await journal.load(server.manager, 'task')).state.deals.size;
  await server.commit(card);
  expect(await dealt()).toBe(0);
  await server.commit(first);
  server.between = async () => {
    server.between = async () => undefined;
    await server.commit(second);
  };
  expect(await dealt()).toBe(1);
  expect(await dealt()).toBe(2);
  await server.commit(third);
  expect(await dealt()).toBe(3);
});
