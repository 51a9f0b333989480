import type { Contract, JsonRpcProvider } from 'ethers';
import { DomainError } from '#core';
import { type Anchor, dayNumber } from './anchor.ts';
import { chainError } from './chain-error.ts';
import { LEDGER_ANCHOR } from './ledger-anchor.artifact.ts';

/** Where an anchor was mined. */
export interface Anchoring {
  readonly transaction: string;
  readonly block: number;
}

const REQUEST_MS = 15_000;
const MINED_MS = 30_000;
/** So far back providers answer questions for events. */
const SEARCHED_BLOCKS = 10_000;

/** A contract that keeps anchors, as a chain's node shows it. */
export class AnchorChain {
  private constructor(
    private readonly provider: JsonRpcProvider,
    private readonly contract: Contract,
    readonly chainId: number,
    readonly address: string,
  ) {}

  /** @throws ANCHOR_ADDRESS_INVALID, ANCHOR_UNREACHABLE */
  static async connect(rpcUrl: string, address: string): Promise<AnchorChain> {
    const { Contract, getAddress, isAddress } = await import('ethers');
    if (!isAddress(address)) {
      throw new DomainError('ANCHOR_ADDRESS_INVALID', 'expected the address of a contract, got another text');
    }
    const { provider, chainId } = await connected(rpcUrl);
    const checksummed = getAddress(address);
    const contract = new Contract(checksummed, LEDGER_ANCHOR.abi, provider);
    return new AnchorChain(provider, contract, chainId, checksummed);
  }

  close(): void {
    this.provider.destroy();
  }

  /** What the contract keeps of a day; null: nothing. @throws ANCHOR_UNREACHABLE, ANCHOR_CONTRACT_UNKNOWN */
  async anchored(day: string): Promise<Anchor | null> {
    const [root, head] = await this.asked<[string, string]>('anchors', dayNumber(day));
    return /^0x0*$/.test(root) ? null : { root: root.slice(2), head: head.slice(2) };
  }

  /**
   * Whether the contract finds the path from an entry's hash to the day's root.
   * @throws ANCHOR_UNREACHABLE, ANCHOR_CONTRACT_UNKNOWN
   */
  async verify(
    day: string,
    leaf: string,
    place: readonly [number, number],
    path: readonly string[],
  ): Promise<boolean> {
    const siblings = path.map((each) => `0x${each}`);
    return this.asked<boolean>('verify', dayNumber(day), `0x${leaf}`, ...place, siblings);
  }

  /**
   * Sends the transaction that anchors a day and waits until it is mined. A transaction that waits already has the same
   * nonce: one of the two is mined, whatever is sent again.
   * @throws ANCHOR_UNREACHABLE (also where it is not mined in time), ANCHOR_REFUSED, ANCHOR_CONTRACT_UNKNOWN
   */
  async anchor(day: string, { root, head }: Anchor, privateKey: string): Promise<Anchoring> {
    const { Wallet } = await import('ethers');
    const wallet = new Wallet(privateKey, this.provider);
    try {
      const nonce = await this.provider.getTransactionCount(wallet.address, 'latest');
      const method = this.contract.connect(wallet).getFunction('anchor');
      const parameters = [dayNumber(day), `0x${root}`, `0x${head}`] as const;
      // Costs nothing and, other than the transaction, tells why it is refused.
      await method.staticCall(...parameters);
      const sent = await method.send(...parameters, { nonce });
      const mined = await sent.wait(1, MINED_MS);
      return { transaction: sent.hash, block: mined!.blockNumber };
    } catch (error) {
      throw chainError(error);
    }
  }

  /** Where a day was anchored, if that is not long ago; null: in no block that was searched. @throws ANCHOR_UNREACHABLE */
  async anchoring(day: string): Promise<Anchoring | null> {
    try {
      const newest = await this.provider.getBlockNumber();
      const topics = await this.contract.filters['Anchored']!(dayNumber(day)).getTopicFilter();
      const fromBlock = Math.max(0, newest - SEARCHED_BLOCKS + 1);
      const [log] = await this.provider.getLogs({
        address: this.address,
        topics,
        fromBlock,
        toBlock: newest,
      });
      return log === undefined ? null : { transaction: log.transactionHash, block: log.blockNumber };
    } catch (error) {
      throw chainError(error);
    }
  }

  private async asked<T>(view: string, ...parameters: readonly unknown[]): Promise<T> {
    try {
      return (await this.contract.getFunction(view).staticCall(...parameters)) as T;
    } catch (error) {
      throw chainError(error);
    }
  }
}

/** Puts a new contract on the chain; whoever holds the key owns it. @throws ANCHOR_UNREACHABLE, ANCHOR_REFUSED */
export async function deployAnchor(
  rpcUrl: string,
  privateKey: string,
): Promise<Anchoring & { readonly contract: string }> {
  const { ContractFactory, Wallet } = await import('ethers');
  const { provider } = await connected(rpcUrl);
  try {
    const wallet = new Wallet(privateKey, provider);
    const factory = new ContractFactory(LEDGER_ANCHOR.abi, LEDGER_ANCHOR.bytecode, wallet);
    const deployed = await factory.deploy(wallet.address);
    const mined = await deployed.deploymentTransaction()!.wait(1, MINED_MS);
    return { contract: await deployed.getAddress(), transaction: mined!.hash, block: mined!.blockNumber };
  } catch (error) {
    throw chainError(error);
  } finally {
    provider.destroy();
  }
}

/** Asked for its chain before anything else: the client would wait without end for a node that is not there. */
async function connected(rpcUrl: string): Promise<{ provider: JsonRpcProvider; chainId: number }> {
  const { FetchRequest, JsonRpcProvider, Network } = await import('ethers');
  try {
    const request = new FetchRequest(rpcUrl);
    request.timeout = REQUEST_MS;
    const asked = request.clone();
    asked.body = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
    const answer = await asked.send();
    answer.assertOk();
    const { result } = answer.bodyJson as { result?: unknown };
    const network = Network.from(BigInt(String(result)));
    const provider = new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1 });
    return { provider, chainId: Number(network.chainId) };
  } catch (error) {
    throw chainError(error);
  }
}
