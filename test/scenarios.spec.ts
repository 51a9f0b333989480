import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/*
 * What the secure aggregation must be tested against, scenario by scenario, and where it is. `npm test -- scenarios` runs
 * and names them all. Every file here has a `describe` or `it` that begins with the scenario's own words.
 */

/** Scenario → file → titles of its tests within, where the scenario names a group. */
const SCENARIOS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'sum-exact at lane limits': { 'libs/encryption/aggregator': ['sums every set of uploaders exactly'] },
  'overflow refused': { 'libs/encryption/aggregator': [] },
  'upload dropout 0/10/30/50 % (succeeds if ≥ k_min uploaded and Q are READY)': {
    'libs/federation/dropouts': [
      '$percent %: the exact sum of the blocks that are whole',
      '$percent % also with exactly Q READY, and not with one fewer',
      'any other dropout: released where a block is whole, failed with who was silent where none is',
    ],
  },
  'n−Q silent before READY → success': { 'libs/federation/dropouts': [] },
  'one silent after the announcement → burned, new round, late answer ignored': {
    'libs/federation/dropouts': [],
  },
  'second answer for a (task, round, chunk) with another U, another A, another process, after restart, from an old backup → refused':
    {
      'apps/participant/federation/one-answer': [
        'another U',
        'another A',
        'another A in the same history: the protocol knows one',
        'another process',
        'after restart: the same bytes again, or nothing',
        'from an old backup',
      ],
    },
  'platform shows different U to two decryptors → no quorum': {
    'libs/federation/deviations': [
      'READY for the one list counts for nothing on the other',
      'nor do t − 1 traitors who sign both make two of them',
      'for any number of decryptors: two quorums share an honest one',
    ],
    'apps/participant/federation/one-answer': [],
  },
  'platform shows different nonces to two decryptors → no share test': {
    'libs/federation/deviations': [
      'agreement to the one challenge counts for nothing on the other',
      'nor does a traitor who agrees to both bring two of them to the test',
      'and a revealed nonce kept from some makes another challenge, which no other view shares',
    ],
    'apps/participant/federation/one-answer': [],
  },
  'different models or cards to two sites → refused': {
    'libs/federation/deviations': [
      'a card: what one site says under its card is no message of the other’s',
      'a model: a release of another than the one that a site has trained from',
    ],
    'apps/participant/federation/one-answer': [],
  },
  'every t-subset agrees, every smaller one fails the checksum': { 'libs/encryption/aggregator': [] },
  'hostile uploads: copied, negated, scaled, last-mover, all-max, random bytes → the honest sum shifts by at most that addend or the round fails':
    {
      'libs/encryption/hostile-uploads': [
        'of %s fails the checksum',
        'of its own, scaled by any factor, fails the checksum',
        'of its own plus Δ·x shifts the sum by x, its own addend, and by nothing else',
        'of random bytes is refused',
      ],
    },
  'the recovered-key attack above is run and recovers nothing': {
    'libs/encryption/recovered-key': [
      'reads the whole joint key off the textbook design, through 2^100 smudging, with an exact sum',
      'reads from ours what the attacker added, and nothing else',
    ],
  },
  'the fraction attack on partials (n = 7, t = 3, corrupt {4,6}, A = {1,2,5}) recovers the noise without masks and nothing with them':
    {
      'libs/encryption/fraction-attack': [
        'without masks reads from the answer of decryptor %d every coefficient of the noise modulo %d',
        'with masks reads nothing from the answer of decryptor %d',
      ],
    },
  'READY for a second U → refused': { 'libs/federation/deviations': [] },
  'copied or re-sealed shares → refused': {
    'libs/federation/deviations': [],
    'libs/encryption/sealing': [],
  },
  'second card on one epoch with another committee → refused by the site': {
    'apps/participant/federation/cohort-pins': [],
    'apps/participant/federation/one-answer': [],
  },
  'inconsistent shares → named by the share test': {
    'libs/federation/inconsistent-shares': [
      'one residue of one share, in %s: the dealer and that decryptor',
      'a dealer that opens another share than the polynomial’s is refused, and left out if it has no better',
      'a dealer whose sharing is of too high a degree, or who cheats more than f: out at once',
    ],
  },
  'one flipped byte in share, upload, signature, round, card, sender → named error, audit entry': {
    'libs/federation/flipped-byte': [
      'in the %s',
      'in the card',
      'a share: sealed, it does not open; opened, it is another share',
      'an upload: it has another hash than the one signed, and its sum fails the checksum',
    ],
    'test/federation-refusals': ['writes down who was refused what, and nothing of what was sent'],
  },
  'replay across rounds and tasks': {
    'libs/federation/deviations': [
      'no message of a burned round is one of the next, in any of its phases',
      'no message of a task is one of another, of the same organisations and keys',
    ],
  },
  'second encryption for one (round, chunk) → refused by the node': {
    'apps/participant/federation/one-answer': [],
  },
  'aggregate of one, k_min − 1, block with a missing member, the {1–4},{4–7},{1–7} pattern, one organisation under two names, unpinned member → refused':
    {
      'libs/federation/cohorts': [
        '%s: no list that members vouch for',
        '%s: no card',
        'one organisation under two names: no %s twice in a roster',
      ],
    },
  'the {1–4}, {4–7}, {1–7} pattern → refused': { 'apps/participant/federation/cohort-pins': [] },
  'unpinned member → refused': { 'apps/participant/federation/one-answer': [] },
  'kill −9 (a real process) of platform or participant at every transition of the state-machine table, before and after each durable write → resumes, same final model hash for the same cohort':
    {
      'test/story-kill-nine': [
        'loses nothing, says nothing twice, and ends with one model',
        'a site that dies while it trains begins the step again, and says of it one thing',
      ],
    },
  '10^4 mutated messages of ≥ 5 classes from a correctly signing hostile member → each class reaches its named refusal, parent alive, memory bounded':
    { 'libs/federation/mutated-messages': [] },
  '10^4 mutated blobs into the loader': { 'libs/encryption/mutated-blobs': [] },
  'mutated messages to a running platform': {
    'test/federation-malformed': ['that mutate, correctly signed, meet the refusal of their class: %s'],
  },
  '1 000 rounds → WASM heap flat': { 'libs/encryption/wasm-heap': [] },
  'no reading, share or key bytes in logs or in the platform’s database': {
    'test/story-nothing-leaks': ['no private key, dealt secret or opened share of a site'],
  },
};

const ENDING = '.scenarios.spec.ts';
const sourceOf = (file: string): string =>
  readFileSync(join(import.meta.dirname, '..', file + ENDING), 'utf8');

/** Whether a describe or a test of the source has a title that begins with, or is, this text. */
function isTitle(source: string, text: string, whole: boolean): boolean {
  const literal = text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  return new RegExp(String.raw`\(\s*'${literal}${whole ? "'" : ''}`).test(source);
}

describe('scenarios of the secure aggregation, each a test of that name', () => {
  it.each(Object.entries(SCENARIOS))('%s', (scenario, files) => {
    for (const [file, tests] of Object.entries(files)) {
      const source = sourceOf(file);
      expect([file, scenario, isTitle(source, scenario, false)]).toEqual([file, scenario, true]);
      for (const test of tests) expect([file, test, isTitle(source, test, true)]).toEqual([file, test, true]);
    }
  });

  it('every file of scenarios is in the table', () => {
    const root = join(import.meta.dirname, '..');
    const found = ['apps', 'libs', 'test'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(ENDING))
        .map((name) => `${folder}/${name.slice(0, -ENDING.length).replaceAll('\\', '/')}`),
    );
    const listed = new Set(Object.values(SCENARIOS).flatMap((files) => Object.keys(files)));
    expect(found.toSorted()).toEqual([...listed].toSorted());
  });
});
