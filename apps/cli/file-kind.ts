import { DomainError } from '#core';

/** What a file says of itself by `format`, and the verb that reads it. */
const FORMATS = {
  'gridcommons/transcript/': ['the transcript of a task', 'verify-transcript'],
  'gridcommons/carbon-report/': ['a report of emissions as JSON', 'carbon verify'],
  'gridcommons/audit-log/': ['a log of decisions', 'audit verify'],
  'gridcommons/ledger-proofs/': ['proofs of the ledger', 'ledger verify --input'],
} as const;
export type OwnFormat = keyof typeof FORMATS;

const BEGINNINGS: readonly (readonly [hex: string, kind: string])[] = [
  ['25504446', 'a PDF'],
  ['504b0304', 'an Excel or ZIP file'],
  ['1f8b', 'a gzipped file'],
  ['50415231', 'a Parquet file'],
  ['3c', 'XML'],
];

/** What a file seems to be, by its form alone: nothing of its content is told, as it may be a key. */
export function seemsToBe(file: Uint8Array): string {
  const bytes = bufferOf(file);
  const own = ownFormat(bytes);
  if (own !== undefined) return `${FORMATS[own][0]} (gridcommons ${FORMATS[own][1]})`;
  const known = binaryKind(bytes);
  if (known !== undefined) return known;
  const head = bytes.subarray(0, 4_096).toString('latin1').trim();
  if (head === '') return 'an empty file';
  if (head.startsWith('{') || head.startsWith('[')) return 'JSON, or the beginning of it, of another format';
  return /^[^\n]+[,;][^\n]*\n/.test(head) ? 'a CSV table' : 'a file of another form';
}

/** Of what cannot be JSON. */
export function binaryKind(file: Uint8Array): string | undefined {
  const head = bufferOf(file).subarray(0, 4).toString('hex');
  return BEGINNINGS.find(([hex]) => head.startsWith(hex))?.[1];
}

const bufferOf = (file: Uint8Array): Buffer => Buffer.from(file.buffer, file.byteOffset, file.byteLength);

function ownFormat(bytes: Buffer): OwnFormat | undefined {
  const says = (format: OwnFormat) =>
    ['', ' '].some((space) => bytes.includes(`"format":${space}"${format}`));
  return (Object.keys(FORMATS) as OwnFormat[]).find(says);
}

/** @throws FILE_KIND where the file does not say that it is of the format */
export function requireFormat(file: Uint8Array, format: OwnFormat): void {
  if (ownFormat(bufferOf(file)) === format) return;
  const [what, verb] = FORMATS[format];
  throw new DomainError(
    'FILE_KIND',
    `expected ${what}, as \`${verb.replace(/ --.*/, '')}\` reads it, got what seems to be ${seemsToBe(file)}`,
  );
}
