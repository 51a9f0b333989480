import { deployAnchor, readAnchorKey } from '#anchor';
import type { Output } from '../output.ts';

/** Puts a contract on a chain that takes days from the key's account. @throws ANCHOR_KEY_INVALID, ANCHOR_UNREACHABLE, ANCHOR_REFUSED */
export async function deployAnchorContract(
  { rpc, chainKeyFile }: { readonly rpc: string; readonly chainKeyFile: string },
  output: Output,
): Promise<void> {
  const deployed = await deployAnchor(rpc, await readAnchorKey(chainKeyFile));
  output.result(deployed, `contract ${deployed.contract} in block ${deployed.block}`);
}
