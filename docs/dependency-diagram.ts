/**
 * Writes the diagram of docs/ARCHITECTURE.md from the imports in the tree; with `--check` it only compares and fails when
 * the document is out of date. Run by `npm run arch:diagram` and `npm run arch`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';

const require = createRequire(import.meta.url);
const { options }: IConfiguration = require('../.dependency-cruiser.cjs');
const kinds: Record<string, string[]> = require('../libs/kinds.json');

const DOCUMENT = new URL('ARCHITECTURE.md', import.meta.url);
const MARKED = /(<!-- dependency-diagram -->\n)[\s\S]*?(<!-- \/dependency-diagram -->)/;

const check = process.argv.includes('--check');
const text = await readFile(DOCUMENT, 'utf8');
if (!MARKED.test(text)) throw new Error('expected the markers of the diagram in docs/ARCHITECTURE.md');
const fresh = text.replace(MARKED, `$1\n\`\`\`mermaid\n${diagram(await imports())}\n\`\`\`\n\n$2`);
if (!check) await writeFile(DOCUMENT, fresh);
else if (fresh !== text) {
  process.stderr.write('docs/ARCHITECTURE.md shows an old diagram: run `npm run arch:diagram`\n');
  process.exitCode = 1;
}

/** Which app or lib imports which, tests aside. */
async function imports(): Promise<Map<string, Set<string>>> {
  const { output } = await cruise(['apps', 'libs'], { ...options, exclude: { path: '\\.spec\\.ts$' } });
  const edges = new Map<string, Set<string>>();
  for (const { source, dependencies } of (output as ICruiseResult).modules) {
    const from = unitOf(source);
    if (from === undefined) continue;
    const targets = edges.get(from) ?? new Set<string>();
    edges.set(from, targets);
    for (const { resolved } of dependencies) {
      const to = unitOf(resolved);
      if (to !== undefined && to !== from) targets.add(to);
    }
  }
  return edges;
}

/** `apps/cli/bin.ts` is part of the unit `apps/cli`. */
function unitOf(path: string): string | undefined {
  return /^(?:apps|libs)\/[^/]+(?=\/)/.exec(path)?.[0];
}

function diagram(edges: Map<string, Set<string>>): string {
  const units = [...edges.keys()].toSorted();
  const boxes = ['apps', ...Object.keys(kinds)].flatMap((kind) => [
    `  subgraph ${kind}`,
    ...units.filter((unit) => kindOf(unit) === kind).map((unit) => `    ${nodeOf(unit)}[${nameOf(unit)}]`),
    '  end',
  ]);
  const arrows = units.flatMap((unit) =>
    [...(edges.get(unit) ?? [])]
      // Everything imports core: drawing it would hide the rest.
      .filter((target) => target !== 'libs/core')
      .toSorted()
      .map((target) => `  ${nodeOf(unit)} --> ${nodeOf(target)}`),
  );
  return ['flowchart TD', ...boxes, ...arrows].join('\n');
}

function kindOf(unit: string): string {
  if (unit.startsWith('apps/')) return 'apps';
  return Object.entries(kinds).find(([, names]) => names.includes(nameOf(unit)))?.[0] ?? 'unknown';
}

function nameOf(unit: string): string {
  return unit.slice(unit.indexOf('/') + 1);
}

function nodeOf(unit: string): string {
  return unit.replace('/', '_');
}
