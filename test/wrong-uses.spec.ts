import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInProcess } from './harness/in-process.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-wrong-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(directory, name), content);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const TRANSCRIPT = resolve('test/golden/released-task.transcript');
const FILES = {
  'table.csv': 'a,b\n1,2\n',
  'comma.json': '{"energyKwh": 20,\n  "hours": [],\n}',
  'some.key': 'gck_secret_of_somebody',
  'two-lines.key': 'gck_secret\nof_somebody',
  'empty.key': '',
  'no-readings.xml':
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content><UsagePoint/></content></entry></feed>',
};

const here = (text: string): string => text.replaceAll('@', directory);

type Wrong = readonly [what: string, line: string, exitCode: number, told: string];
/** What is done, the command line, with @ for the directory of the files, its exit code and all that the person is told. */
const CLI: readonly Wrong[] = [
  ['a verb that there is not', 'nonsense', 2, "USAGE: unknown command 'nonsense'"],
  ['help of a verb that there is not', 'catalogue nonsense --help', 2, "USAGE: unknown command 'nonsense'"],
  ['the same by the verb help', 'help nonsense', 2, "USAGE: unknown command 'nonsense'"],
  [
    'two inputs',
    'carbon intensity-forecast --data @/table.csv --input @/table.csv',
    2,
    "USAGE: option '--data <file>' cannot be used with option '--input <file>'",
  ],
  [
    'a comma too many',
    'carbon window --input @/comma.json',
    1,
    'INPUT_NOT_JSON: expected JSON: a name in double quotes in line 3, column 1, got "}"',
  ],
  [
    'a key where an input should be',
    'carbon window --input @/some.key',
    1,
    'INPUT_NOT_JSON: expected JSON: a value in line 1, column 1, got "g"',
  ],
  [
    'a key file of two lines',
    'wallet show --key-file @/two-lines.key',
    1,
    'KEY_FILE_MALFORMED: expected one line with an API key in @/two-lines.key, got 22 characters with space, line ends or others that no key has',
  ],
  [
    'an empty key file',
    'wallet show --key-file @/empty.key',
    1,
    'KEY_FILE_MALFORMED: expected one line with an API key in @/empty.key, got an empty file',
  ],
  [
    'a transcript for a log of decisions',
    `audit verify ${TRANSCRIPT}`,
    1,
    'FILE_KIND: expected a log of decisions, as `audit verify` reads it, got what seems to be the transcript of a task (gridcommons verify-transcript)',
  ],
  [
    'a transcript for a report',
    `carbon verify ${TRANSCRIPT}`,
    1,
    'FILE_KIND: expected a report of emissions as JSON, as `carbon verify` reads it, got what seems to be the transcript of a task (gridcommons verify-transcript)',
  ],
  [
    'a table for a transcript',
    'verify-transcript @/table.csv',
    1,
    'FILE_KIND: expected the transcript of a task, as `verify-transcript` reads it, got what seems to be a CSV table',
  ],
  [
    'a Green Button file without readings',
    'convert green-button @/no-readings.xml',
    1,
    'ESPI_EMPTY: expected readings (IntervalReading) or a UsageSummary, got a document of neither',
  ],
];

describe('a wrong use of the command line', () => {
  it.each(CLI)('%s: %s', async (_, line, exitCode, told) => {
    const run = await runInProcess(here(line).split(' '));
    expect(run).toEqual({ exitCode, stdout: '', stderr: `${here(told)}\n` });
  });
});
