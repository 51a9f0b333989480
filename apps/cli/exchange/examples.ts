import type { Command } from 'commander';

/** Of verbs that the examples of their groups leave out. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  negotiation: [
    'negotiation list --first 20 --key-file buyer.key',
    'negotiation show 9b54… --key-file buyer.key --json',
    'negotiation accept 9b54… --key-file buyer.key',
    'negotiation terminate 9b54… --code TOO_DEAR --key-file buyer.key',
  ],
  agreement: [
    'agreement show 77ab… --key-file buyer.key',
    'agreement quote 77ab… --key-file buyer.key',
    'agreement pay 77ab… --max 250000 --key-file buyer.key',
    'agreement revenue 77ab… --revenue 1200000 --max 60000 --key-file buyer.key',
    'agreement usage 77ab… --key-file seller.key',
    'agreement orders --key-file buyer.key',
    'agreement invoices --key-file buyer.key',
    'agreement invoice 5e01… --out invoice.pdf --key-file buyer.key',
    'agreement retire 77ab… --key-file buyer.key',
    'agreement supersede 77ab… 81cd… --key-file seller.key',
  ],
  'agreement transfer': [
    'agreement transfer list --key-file buyer.key',
    'agreement transfer show 3d9f… --key-file buyer.key',
    'agreement transfer start 3d9f… --key-file seller.key',
    'agreement transfer suspend 3d9f… --code MAINTENANCE --key-file seller.key',
    'agreement transfer complete 3d9f… --key-file buyer.key',
    'agreement transfer terminate 3d9f… --code MISUSE --key-file seller.key',
  ],
  series: ['series list --key-file firm.key', 'series show 1f0c… --key-file firm.key'],
  wallet: [
    'wallet shares --key-file seller.key',
    'wallet withdraw 1f0c… --currency EUR --amount 100000 --reference "bank 2026-12-01/3"   # as the operator',
  ],
};

export function addExchangeExamples(program: Command): void {
  for (const [path, examples] of Object.entries(EXAMPLES)) {
    const group = path
      .split(' ')
      .reduce<Command | undefined>((at, name) => at?.commands.find((each) => each.name() === name), program);
    group?.addHelpText(
      'after',
      ['', 'Examples:', ...examples.map((each) => `  gridcommons ${each}`)].join('\n'),
    );
  }
}
