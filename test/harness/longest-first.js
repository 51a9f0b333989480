import Sequencer from '@jest/test-sequencer';

const LONG = /\/story-|\.scenarios\.spec\.ts$/;

/**
 * Stories and scenarios begin first, the rest in jest's own order: by file size in a fresh clone, which would leave a short
 * file's long test to run alone at the end.
 */
// Jest loads the default export.
// oxlint-disable-next-line import/no-default-export
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // The sequencer's own `sort`, not an array's.
    // oxlint-disable-next-line unicorn/no-array-sort
    const ordered = super.sort(tests);
    return [
      ...ordered.filter(({ path }) => LONG.test(path)),
      ...ordered.filter(({ path }) => !LONG.test(path)),
    ];
  }
}
