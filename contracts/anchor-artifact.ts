import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import solc from 'solc';

const SOURCE = new URL('LedgerAnchor.sol', import.meta.url);

/** What the compiler made of the contract and the product is built with. */
export const ARTIFACT = new URL('../libs/anchor/ledger-anchor.artifact.ts', import.meta.url);

interface Compiled {
  readonly errors?: readonly { readonly formattedMessage: string }[];
  readonly contracts: Readonly<
    Record<
      string,
      Record<string, { readonly abi: readonly object[]; readonly evm: { bytecode: { object: string } } }>
    >
  >;
}

/** The artifact's text, the same on any machine. @throws what the compiler says, warnings too */
export async function compileAnchor(): Promise<string> {
  const input = {
    language: 'Solidity',
    sources: { 'LedgerAnchor.sol': { content: await readFile(SOURCE, 'utf8') } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      // Of the instructions that every chain in use has.
      evmVersion: 'paris',
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  };
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as Compiled;
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  const { abi, evm } = contracts['LedgerAnchor.sol']!['LedgerAnchor']!;
  const artifact = { compiler: solc.version(), abi, bytecode: `0x${evm.bytecode.object}` };
  const text = `/** Generated from contracts/LedgerAnchor.sol by \`npm run contracts\`. */
export const LEDGER_ANCHOR = ${JSON.stringify(artifact)} as const;\n`;
  return format(text, { ...(await resolveConfig(ARTIFACT)), parser: 'typescript' });
}
