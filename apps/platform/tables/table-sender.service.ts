import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { TableFormat } from './formats.ts';
import { ExportSlots } from './slots.ts';
import { streamWithin } from './stream-within.ts';
import type { Table } from './table.ts';

/** A client that takes nothing for so long gives its place up. */
const IDLE_MS = 60_000;
/** From the head of the answer on; a year of a large community takes a part of it. */
const MAX_MS = 600_000;

/** A table, and what is to be said of it beside its rows once their first page has been read. */
export interface SentTable<R> extends Table<R> {
  readonly headers?: () => Promise<Readonly<Record<string, string>>>;
}

/** Streams tables page by page, a page in memory; two at once for an organisation, eight in all in this process. */
@Injectable()
export class TableSender {
  readonly #slots = new ExportSlots();

  /** @throws EXPORT_BUSY, EXPORT_TIME, and what reading the first page throws, before anything is sent */
  async send<R>(
    organisationId: string,
    format: TableFormat,
    { columns, pages, headers }: SentTable<R>,
    response: ServerResponse,
  ): Promise<void> {
    const giveBack = this.#slots.take(organisationId);
    try {
      const rest = pages[Symbol.asyncIterator]();
      // Read before the head is sent: a refusal is answered as one.
      const first = await rest.next();
      response.writeHead(200, {
        'content-type': format.contentType,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(await headers?.()),
      });
      response.setTimeout(IDLE_MS, () => response.destroy());
      const encoded = format.encode({ columns, pages: continued(first, rest) });
      await streamWithin(Readable.from(encoded, { objectMode: false }), response, MAX_MS);
    } finally {
      giveBack();
    }
  }
}

async function* continued<R>(first: IteratorResult<R, unknown>, rest: AsyncIterator<R>): AsyncGenerator<R> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}
