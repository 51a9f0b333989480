import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Page {
  readonly text: string;
  /** From the root of the site, without extension. */
  readonly link: string;
}

export interface Group {
  readonly text: string;
  readonly items: readonly Page[];
}

/** Groups in the order in which they are shown: some pages by name, or a folder of docs, or (last to choose) all other pages. */
const GROUPS: readonly { text: string; pages?: readonly string[]; folder?: string }[] = [
  { text: 'Tutorial', pages: ['TUTORIAL', 'what-it-looks-like'] },
  { text: 'How-to', folder: 'how-to' },
  { text: 'Guides' },
  { text: 'Reference', folder: 'reference' },
  { text: 'Operation', pages: ['OPERATIONS', 'ARCHITECTURE', 'THREAT-MODEL'] },
  { text: 'Decisions', folder: 'decisions' },
];

/** The heading of a document, else its name. */
function titleOf(path: string, name: string): string {
  return /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.replaceAll('`', '') ?? name;
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length))
    .toSorted();

/** What there is to read, by group: a document that is added appears, a group without documents does not. */
export function groupsIn(docs: string): Group[] {
  const named = new Set(GROUPS.flatMap(({ pages }) => pages ?? []));
  const folders = readdirSync(docs, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : [],
  );
  const others = folders
    .filter((folder) => !GROUPS.some((group) => group.folder === folder))
    .map((folder) => ({ text: folder, folder }));
  const top = namesIn(docs);
  const pagesOf = ({ pages, folder }: (typeof GROUPS)[number]): string[] => {
    if (folder !== undefined)
      return folders.includes(folder) ? namesIn(join(docs, folder)).map((name) => `${folder}/${name}`) : [];
    return pages?.filter((name) => top.includes(name)) ?? top.filter((name) => !named.has(name));
  };
  return [...GROUPS, ...others]
    .map((group) => ({
      text: group.text,
      items: pagesOf(group).map((name) => ({
        text: titleOf(join(docs, `${name}.md`), name),
        link: `/${name}`,
      })),
    }))
    .filter(({ items }) => items.length > 0);
}
