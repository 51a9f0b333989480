import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A fenced block of shell commands in a document. */
export interface ShellBlock {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly script: string;
  /** What the fence says behind `sh`. */
  readonly kind: string;
}

export interface Document {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly ShellBlock[];
}

const FENCE = /^```(?<language>\w*) *(?<kind>[\w-]*)\n(?<script>[^]*?)^```$/gm;

function blocksOf(text: string): ShellBlock[] {
  return [...text.matchAll(FENCE)].flatMap(({ groups, index }) => {
    const { language, kind, script } = groups as { language: string; kind: string; script: string };
    // A block without a language that calls the program is one as well.
    if (language !== 'sh' && !(language === '' && /^(npx )?gridcommons /m.test(script))) return [];
    return [
      { line: text.slice(0, index).split('\n').length + 1, script, kind: language === '' ? 'unsaid' : kind },
    ];
  });
}

/** The README and everything people read in docs; what is generated from help is tested as help. */
export async function readDocuments(): Promise<Document[]> {
  const inDocs = (await readdir('docs', { recursive: true }))
    .filter((name) => name.endsWith('.md') && !/^(decisions|reference)\//.test(name))
    .map((name) => join('docs', name));
  return Promise.all(
    ['README.md', ...inDocs.toSorted()].map(async (path) => {
      const text = await readFile(path, 'utf8');
      return { path, text, blocks: blocksOf(text) };
    }),
  );
}
