import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** Elements that documents use, and entities; any other `<word>` is a placeholder and shown. */
const MARKUP = /^(?:&|<!--|<\/?(?:br|details|img|kbd|sub|summary|sup)\b)/;
const PICTURES = '<!-- screenshots -->';
const SCREENSHOTS = 'coverage/screenshots';

/** A heading's anchor as GitHub makes it, so that one link works in both places. */
export const slugOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/**
 * Where a link of a document leads on the site.
 *
 * @param source the document's path @param root of the repository
 * @returns undefined where it leads to a file that is no page: its words are shown without a link. A target that does not
 * exist stays a link, which fails the build.
 */
export function targetOf(href: string, source: string, root: string): string | undefined {
  if (/^(?:[a-z][a-z\d+.-]*:|#|\/\/)/i.test(href)) return href;
  const [path = '', hash] = decodeURI(href).split('#');
  const target = resolve(dirname(source), path);
  const page = relative(root, target);
  if (!existsSync(target)) return href;
  if (page === '') return '/';
  if (statSync(target).isDirectory() || !/^(?:docs\/.+|[^/]+)\.md$/.test(page)) return undefined;
  const to = page === 'README.md' ? '/index.md' : `/${page.replace(/^docs\//, '')}`;
  return hash === undefined ? to : `${to}#${hash}`;
}

/** Pictures that the tests of the console left, as Markdown of a document in docs. */
function picturesIn(root: string): string {
  const folder = join(root, SCREENSHOTS);
  if (!existsSync(folder)) return '_This site was built without them._';
  return readdirSync(folder)
    .filter((name) => name.endsWith('.png'))
    .toSorted()
    .map((name) => {
      const words = name.slice(0, -'.png'.length).replaceAll('-', ' ');
      return `## ${words[0]?.toUpperCase()}${words.slice(1)}\n\n![${words}](../${SCREENSHOTS}/${name})`;
    })
    .join('\n\n');
}

/** Vite takes `docs/x.png` for a package, `./docs/x.png` for a file. */
const markup = (content: string, escaped: (text: string) => string): string =>
  MARKUP.test(content) ? content.replace(/(?<= src=")(?=\w[^:"]*")/g, './') : escaped(content);

/** What a document says stays what is read: no interpolation, no components, links that lead somewhere. */
export function asWritten(md: MarkdownRenderer, root: string): void {
  const { rules } = md.renderer;
  const escaped = (text: string) => md.utils.escapeHtml(text).replaceAll('{{', '&#123;&#123;');
  const { text: plain, fence } = rules;
  if (plain === undefined || fence === undefined) throw new Error('expected rules of text and fences');
  rules.text = (...of) => plain(...of).replaceAll('{{', '&#123;&#123;');
  rules.html_block = (tokens, at) => markup(tokens[at]?.content ?? '', (text) => `<p>${escaped(text)}</p>`);
  rules.html_inline = (tokens, at) => markup(tokens[at]?.content ?? '', escaped);
  rules.fence = (tokens, at, ...of) => {
    const { info, content } = tokens[at] ?? { info: '', content: '' };
    return info.trim() === 'mermaid'
      ? `<Diagram code="${encodeURIComponent(content)}" />`
      : fence(tokens, at, ...of);
  };
  // `README.md` is the name of a file, not of a host in Moldova.
  md.linkify.set({ fuzzyLink: false });
  md.core.ruler.before('normalize', 'pictures', (state) => {
    if (state.src.includes(PICTURES)) state.src = state.src.replace(PICTURES, () => picturesIn(root));
  });
  md.core.ruler.push('targets', (state) => {
    const { path, realPath = path } = state.env as { path: string; realPath?: string };
    for (const { children } of state.tokens) retarget(children ?? [], realPath, root);
  });
}

type Token = ReturnType<MarkdownRenderer['parse']>[number];

function retarget(tokens: readonly Token[], source: string, root: string): void {
  let dropped = false;
  for (const token of tokens) {
    const href = token.type === 'link_open' ? token.attrGet('href') : null;
    if (href !== null && token.attrGet('class') !== 'header-anchor') {
      const target = targetOf(href, source, root);
      dropped = target === undefined;
      if (target !== undefined) token.attrSet('href', target);
    }
    if (!dropped || !token.type.startsWith('link_')) continue;
    if (token.type === 'link_close') dropped = false;
    token.tag = 'span';
    token.attrs = null;
    token.type = token.nesting === 1 ? 'span_open' : 'span_close';
  }
}
