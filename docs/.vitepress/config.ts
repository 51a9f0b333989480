import { join, resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'vitepress';
import { checkAnchors } from './anchors.ts';
import { asWritten, slugOf } from './markdown.ts';
import { groupsIn } from './navigation.ts';

const root = resolve(import.meta.dirname, '../..');
const groups = groupsIn(join(root, 'docs'));

/** The documents as pages in dist/docs-site: the README is the home, `docs/X.md` is `/X`. */
export default defineConfig({
  title: 'Gridcommons',
  description: 'Energy data-sharing marketplace with federated learning',
  lang: 'en',
  // None, said so that browsers do not look for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: ['!(docs)/**/*'],
  outDir: join(root, 'dist/docs-site'),
  cacheDir: join(root, 'node_modules/.cache/vitepress'),
  rewrites: (page) => (page === 'README.md' ? 'index.md' : page.replace(/^docs\//, '')),
  markdown: {
    // What GitHub does not read as markup is not markup here.
    attrs: false,
    component: false,
    container: false,
    emoji: false,
    include: false,
    snippet: false,
    eagerFrontmatterInterpolation: false,
    anchor: { slugify: slugOf },
    config: (md) => asWritten(md, root),
  },
  themeConfig: {
    nav: groups.flatMap(({ text, items: [first] }) =>
      first === undefined ? [] : [{ text, link: first.link }],
    ),
    sidebar: [
      { text: 'Overview', link: '/' },
      ...groups.map((group) => ({ ...group, collapsed: group.text === 'Decisions' })),
    ],
    outline: [2, 3],
    search: { provider: 'local' },
  },
  vite: {
    logLevel: 'warn',
    // The reference is long and the drawing of diagrams large; both load only where they are looked at.
    build: { chunkSizeWarningLimit: 4_000 },
  },
  buildEnd: ({ outDir }) => checkAnchors(outDir),
} satisfies UserConfig);
