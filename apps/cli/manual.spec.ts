import { describe, expect, it } from '@jest/globals';
import { commandTree, verbsOf } from './command-tree.ts';
import { manualPage } from './manual.ts';
import { createOutput } from './output.ts';
import { buildProgram } from './program.ts';

const tree = commandTree(buildProgram(() => createOutput(false), false));
const verbs = verbsOf(tree);

const headings = (page: string): string[] => page.match(/^[A-Z ]+$/gm) ?? [];
const sectionOf = (page: string, heading: string): string =>
  page.split(/^(?=[A-Z ]+$)/m).find((section) => section.startsWith(`${heading}\n`)) ?? '';

const ORDER = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'ARGUMENTS', 'COMMANDS', 'OPTIONS', 'GLOBAL OPTIONS', 'EXAMPLES', 'EXIT STATUS', 'ENVIRONMENT', 'FILES']; // prettier-ignore

describe('the manual page', () => {
  it('of every verb has its sections in order', () => {
    for (const verb of verbs) {
      const found = headings(manualPage(verb, tree.options, 80));
      expect(found).toEqual(ORDER.filter((heading) => found.includes(heading)));
      for (const heading of ['NAME', 'SYNOPSIS', 'OPTIONS', 'GLOBAL OPTIONS', 'EXAMPLES', 'EXIT STATUS', 'ENVIRONMENT'])
        expect([verb.path, found]).toEqual([verb.path, expect.arrayContaining([heading])]); // prettier-ignore
      expect(sectionOf(manualPage(verb, tree.options, 80), 'GLOBAL OPTIONS')).toContain('--json');
    }
  });

  it.each([60, 80, 200])('has no line of more than %i characters that could be broken', (width) => {
    for (const verb of verbs) {
      const lines = manualPage(verb, tree.options, width).split('\n');
      const verbatim = new Set([...verb.examples, ...verb.notes].flatMap((text) => text.split('\n')));
      const long = lines.filter((line) => line.length > width && !verbatim.has(line.slice(2)) && / \S+ /.test(line.trim())); // prettier-ignore
      expect([verb.path, long]).toEqual([verb.path, []]);
    }
  });

  it('shows examples and tables as they are', () => {
    const page = manualPage(
      verbs.find(({ path }) => path.join(' ') === 'participant import')!,
      [],
      60,
    );
    expect(page).toContain('\n    wind, rain        …_m_per_s, …_km_per_h, …_mm_per_h cloud, humidity');
    expect(page).toContain(
      '\n  gridcommons participant import meter.csv --dir north --check-against operator.csv\n',
    );
  });
});
