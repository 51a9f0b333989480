import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { markup } from './markup.ts';

const textIn = (text: string): string => markup`${text}`.text;

describe('markup', () => {
  it('escapes what is put into it, in elements and attributes', () => {
    const name = `<img src=x onerror="alert('&')">`;
    expect(markup`<td title="${name}">${name}</td>`.text).toBe(
      `<td title="${textIn(name)}">${textIn(name)}</td>`,
    );
    expect(textIn(name)).toBe('&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;');
  });

  it('takes markup and lists of it as they are, and numbers', () => {
    const items = ['a', '<b>'].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul>${items}</ul>${7}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>7');
  });

  it('never lets a character of markup or of control through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex -- control characters are what must not come through
        expect(textIn(text)).not.toMatch(/[<>"'\0-\u0008\u000B\u000C\u000E-\u001F]/);
      }),
    );
    expect(textIn('\0\uD800')).toBe('\uFFFD\uFFFD');
  });
});
