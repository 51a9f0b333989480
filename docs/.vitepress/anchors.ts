import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Vitepress finds links to pages that are not there, but not those to headings that are not there. @throws naming each */
export async function checkAnchors(site: string): Promise<void> {
  const names = (await readdir(site, { recursive: true })).filter((name) => name.endsWith('.html'));
  const pages = new Map(
    await Promise.all(
      names.map(async (name) => [`/${name}`, await readFile(join(site, name), 'utf8')] as const),
    ),
  );
  const headings = new Map(
    [...pages].map(([name, html]) => [
      name,
      new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)),
    ]),
  );
  const dead = [...pages].flatMap(([name, html]) =>
    [...html.matchAll(/ href="(\/[^"#]*)?#([^"]+)"/g)].flatMap(([, page = name, id = '']) => {
      const file = page.endsWith('/') ? `${page}index.html` : page;
      return headings.get(file)?.has(decodeURIComponent(id)) ? [] : [`${name}: ${page}#${id}`];
    }),
  );
  if (dead.length > 0) throw new Error(`expected headings for all anchors, got none for\n${dead.join('\n')}`);
}
