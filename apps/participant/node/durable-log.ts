import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '#core';

/**
 * Append-only JSON lines that survive kill −9 and power loss once `append` has returned. A last line without its newline
 * is a write that never finished: nobody was told of it, so it is cut off on opening.
 */
export class DurableLog<T> {
  private constructor(
    private readonly file: string,
    private readonly lines: T[],
  ) {}

  /** @throws LOG_CORRUPT where a finished line is not JSON: the node then refuses to go on rather than guess what it said. */
  static open<T>(file: string): DurableLog<T> {
    if (!existsSync(file)) return new DurableLog<T>(file, []);
    const text = readFileSync(file, 'utf8');
    const finished = text.lastIndexOf('\n') + 1;
    if (finished < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, finished)));
    return new DurableLog<T>(file, finishedLines(text, file) as T[]);
  }

  /** The finished lines of a log that another process may be writing: changes nothing. @throws LOG_CORRUPT */
  static peek(file: string): readonly unknown[] {
    return existsSync(file) ? finishedLines(readFileSync(file, 'utf8'), file) : [];
  }

  get entries(): readonly T[] {
    return this.lines;
  }

  append(entry: T): void {
    const created = !existsSync(this.file);
    const descriptor = openSync(this.file, 'a', 0o600);
    try {
      writeFileSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (created) syncDirectory(dirname(this.file));
    this.lines.push(entry);
  }
}

const finishedLines = (text: string, file: string): unknown[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line, i) => parseLine(line, file, i + 1));

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new DomainError(
      'LOG_CORRUPT',
      `expected JSON in line ${number} of ${file}, got something else`,
      'conflict',
      {
        file,
        line: number,
      },
    );
  }
}

/** Writes a file whole or not at all: temporary name, fsync, rename, fsync of the directory. Mode 0600. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.tmp`;
  // What an earlier try left may have another mode.
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  syncDirectory(dirname(file));
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
