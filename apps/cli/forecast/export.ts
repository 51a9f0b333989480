import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '#core';
import type { Output } from '../output.ts';
import type { Progress } from '../progress.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { download } from '../platform/graphql-client.ts';

export interface ExportOptions extends AdminOptions {
  readonly from: string;
  readonly to: string;
  readonly format: 'csv' | 'arrow' | 'parquet';
  readonly output: string;
  readonly series?: string;
  readonly product?: string;
  readonly organisation?: readonly string[];
  readonly latest?: boolean;
  readonly frozen?: boolean;
  readonly gate?: string;
  readonly asOf?: string;
}

/**
 * Streams published forecasts into a new file, which has its name only once it is whole.
 * @throws FILE_EXISTS, FILE_UNWRITABLE, EXPORT_BROKEN_OFF where the platform stops half-way, the platform's own codes
 */
export async function exportForecasts(options: ExportOptions, output: Output): Promise<void> {
  const file = resolve(options.output);
  if (await exists(file)) {
    throw new DomainError('FILE_EXISTS', `expected a new file at ${file}, got one`, 'conflict', { file });
  }
  const response = await download(await accessOf(options), `/forecasts/export?${queryOf(options)}`);
  const part = `${file}.${randomUUID()}.part`;
  const progress = output.progress();
  try {
    await pipeline(
      counted(response.body ?? [], progress),
      createWriteStream(part, { flags: 'wx', flush: true }),
    );
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw broken(error, file);
  } finally {
    progress.end();
  }
  const { size } = await stat(file);
  const [, ...leftOut] = response.headers.get('gridcommons-notice')?.split(' ') ?? [];
  const notice =
    leftOut.length > 0 ? `\n  left out for want of an agreement to terms ${leftOut.join(', ')}` : '';
  output.result({ file, format: options.format, bytes: size, leftOut }, `${size} bytes in ${file}${notice}`);
}

/** How much there will be is not known before. */
async function* counted(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    progress.at(null, `${(bytes / 2 ** 20).toFixed(1)} MiB received`);
    yield chunk;
  }
}

function queryOf({ from, to, format, ...options }: ExportOptions): string {
  const { series, product: productId, organisation, latest, frozen, gate, asOf } = options;
  const organisationIds = organisation?.join(',');
  const chosen = { series, productId, organisationIds, latest, frozen, gate, asOf };
  const query = new URLSearchParams({ format, from, to });
  for (const [name, value] of Object.entries(chosen)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.toString();
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** A full disk is told by its code; what is left is the connection. */
function broken(error: unknown, file: string): DomainError {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'open' || syscall === 'write' || syscall === 'rename') {
    return new DomainError('FILE_UNWRITABLE', `expected to write ${file}, got ${code}`, 'conflict', { file });
  }
  return new DomainError(
    'EXPORT_BROKEN_OFF',
    'expected the whole export, got a part of it: nothing was kept',
    'unavailable',
    { file },
  );
}
