import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createMarkdownRenderer } from 'vitepress';
import { asWritten, slugOf, targetOf } from '../docs/.vitepress/markdown.ts';
import { groupsIn } from '../docs/.vitepress/navigation.ts';

const root = resolve('.');
const carbon = join(root, 'docs/CARBON.md');

describe('the site of the documents', () => {
  it('leads to each document once', () => {
    const links = groupsIn('docs').flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`));
    const documents = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    );
    expect(links.toSorted()).toEqual(documents.toSorted());
  });

  it('rewrites links to pages, keeps dead ones for the build to find, and has none to other files', () => {
    const targets = [
      'MARKET.md#bid-curves',
      '../README.md',
      '../CONTRIBUTING.md',
      'gone.md',
      '../LICENSE',
      '../docs',
      '#x',
      'https://a.b/c.md',
    ];
    expect(targets.map((href) => targetOf(href, carbon, root))).toEqual([
      '/MARKET.md#bid-curves',
      '/index.md',
      '/CONTRIBUTING.md',
      'gone.md',
      undefined,
      undefined,
      '#x',
      'https://a.b/c.md',
    ]);
    expect(targetOf('docs/MARKET.md', join(root, 'README.md'), root)).toBe('/MARKET.md');
  });

  it('has anchors as GitHub makes them', () => {
    expect(slugOf('Certificates & CFE, `v2`')).toBe('certificates--cfe-v2');
  });

  it('shows what is written', async () => {
    const md = await createMarkdownRenderer(root, {
      attrs: false,
      component: false,
      config: (made) => asWritten(made, root),
    });
    const html = await md.renderAsync(
      'Give <ID> or {{ 1 + 1 }}, {#a}; see [the licence](../LICENSE) in CARBON.md.<br>\n\n<Widget>\n\n```mermaid\na --> b\n```\n',
      {
        path: carbon,
      },
    );
    expect(html).toContain(
      'Give &lt;ID&gt; or &#123;&#123; 1 + 1 }}, {#a}; see <span>the licence</span> in CARBON.md.<br>',
    );
    expect(html).toContain('<p>&lt;Widget&gt;');
    expect(html).toContain('<Diagram code="a%20--%3E%20b%0A" />');
  });
});
