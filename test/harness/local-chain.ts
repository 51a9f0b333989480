import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Common, Hardfork, Mainnet } from '@ethereumjs/common';
import { createTxFromRLP } from '@ethereumjs/tx';
import {
  Account,
  bytesToHex,
  createAddressFromPrivateKey,
  createAddressFromString,
  hexToBytes,
} from '@ethereumjs/util';
import { createVM, runTx, type VM } from '@ethereumjs/vm';

interface Call {
  readonly to?: string;
  readonly from?: string;
  readonly data?: string;
}

interface Filter {
  readonly topics: readonly string[];
  readonly fromBlock: string;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

const hex = (n: number | bigint): `0x${string}` => `0x${n.toString(16)}`;
const bytesOf = (text = '0x'): Uint8Array => hexToBytes(text as `0x${string}`);
const block = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`;

/** The chain of the tests: a real virtual machine in this process, a block a transaction, behind JSON-RPC. */
export class LocalChain {
  readonly chainId = 1;
  /** Of the transactions that were sent, refused ones included. */
  sent = 0;
  readonly #logs: {
    address: string;
    topics: string[];
    data: string;
    transactionHash: string;
    block: number;
  }[] = [];
  readonly #receipts = new Map<string, object>();
  #block = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly vm: VM,
    private readonly server: Server,
  ) {}

  static async start(): Promise<LocalChain> {
    const vm = await createVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Shanghai }) });
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const asked = JSON.parse(Buffer.concat(chunks).toString()) as Request | Request[];
        void chain.answer(asked).then((answer) => response.end(JSON.stringify(answer)));
      });
    });
    const chain = new LocalChain(vm, server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return chain;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A key whose account can pay: 64 times the digit. */
  async fundedKey(digit: number): Promise<string> {
    const key = `0x${String(digit).repeat(64)}`;
    const address = createAddressFromPrivateKey(bytesOf(key));
    await this.vm.stateManager.putAccount(address, new Account(0n, 10n ** 20n));
    return key;
  }

  /** Blocks without a transaction. */
  pass(blocks: number): void {
    this.#block += blocks;
  }

  private async answer(asked: Request | readonly Request[]): Promise<object> {
    if ('method' in asked) return this.inTurn(asked);
    const answers: object[] = [];
    for (const each of asked) answers.push(await this.inTurn(each));
    return answers;
  }

  private inTurn({ id, method, params }: Request): Promise<object> {
    const done = this.#turn.then(async () => {
      try {
        return { jsonrpc: '2.0', id, result: await this.result(method, params) };
      } catch (error) {
        return { jsonrpc: '2.0', id, error: asRpcError(error) };
      }
    });
    this.#turn = done;
    return done;
  }

  private result(method: string, [first]: readonly unknown[]): unknown {
    const known = this.#methods[method];
    if (known === undefined) throw new Error(`expected a method of this chain, got ${method}`);
    return known(first);
  }

  readonly #methods: Readonly<Record<string, (first: unknown) => unknown>> = {
    eth_chainId: () => hex(this.chainId),
    eth_blockNumber: () => hex(this.#block),
    eth_gasPrice: () => hex(10n ** 9n),
    eth_maxPriorityFeePerGas: () => hex(10n ** 9n),
    eth_getBlockByNumber: () => this.header(),
    eth_getTransactionCount: async (address) => hex(await this.nonce(address as string)),
    eth_call: (call) => this.call(call as Call),
    eth_estimateGas: async (call) => {
      await this.call(call as Call);
      return hex(2_000_000);
    },
    eth_sendRawTransaction: (raw) => this.send(bytesOf(raw as string)),
    eth_getTransactionReceipt: (hash) => this.#receipts.get(hash as string) ?? null,
    eth_getLogs: (filter) => this.logs(filter as Filter),
  };

  private async nonce(address: string): Promise<bigint> {
    const account = await this.vm.stateManager.getAccount(createAddressFromString(address));
    return account?.nonce ?? 0n;
  }

  private header(): object {
    return {
      number: hex(this.#block),
      hash: block(this.#block),
      parentHash: block(Math.max(0, this.#block - 1)),
      timestamp: hex(1_774_742_400 + this.#block),
      nonce: '0x0000000000000000',
      difficulty: '0x0',
      gasLimit: hex(30_000_000),
      gasUsed: '0x0',
      miner: `0x${'0'.repeat(40)}`,
      extraData: '0x',
      baseFeePerGas: '0x7',
      transactions: [],
    };
  }

  /** What the call would give, of which nothing stays. */
  private async call({ to, from, data }: Call): Promise<string> {
    await this.vm.stateManager.checkpoint();
    try {
      const { execResult } = await this.vm.evm.runCall({
        ...(to === undefined ? {} : { to: createAddressFromString(to) }),
        ...(from === undefined ? {} : { caller: createAddressFromString(from) }),
        data: bytesOf(data),
        gasLimit: 10_000_000n,
      });
      if (execResult.exceptionError) throw new Reverted(bytesToHex(execResult.returnValue));
      return bytesToHex(execResult.returnValue);
    } finally {
      await this.vm.stateManager.revert();
    }
  }

  private async send(raw: Uint8Array): Promise<string> {
    this.sent += 1;
    const tx = createTxFromRLP(raw, { common: this.vm.common });
    const { execResult, createdAddress, totalGasSpent } = await runTx(this.vm, {
      tx,
      skipBlockGasLimitValidation: true,
    });
    this.#block += 1;
    const hash = bytesToHex(tx.hash());
    const [number, blockHash] = [hex(this.#block), block(this.#block)];
    for (const [address, topics, data] of execResult.logs ?? []) {
      this.#logs.push({
        address: bytesToHex(address),
        topics: topics.map(bytesToHex),
        data: bytesToHex(data),
        transactionHash: hash,
        block: this.#block,
      });
    }
    this.#receipts.set(hash, {
      transactionHash: hash,
      transactionIndex: '0x0',
      blockHash,
      blockNumber: number,
      from: tx.getSenderAddress().toString(),
      to: tx.to?.toString() ?? null,
      contractAddress: createdAddress?.toString() ?? null,
      gasUsed: hex(totalGasSpent),
      cumulativeGasUsed: hex(totalGasSpent),
      effectiveGasPrice: '0x7',
      logsBloom: `0x${'0'.repeat(512)}`,
      logs: [],
      status: execResult.exceptionError ? '0x0' : '0x1',
      type: hex(tx.type),
    });
    return hash;
  }

  private logs({ topics, fromBlock }: Filter): object[] {
    return this.#logs
      .filter((log) => log.block >= Number(fromBlock) && topics.every((topic, i) => topic === log.topics[i]))
      .map(({ block: number, ...log }) => ({
        ...log,
        blockNumber: hex(number),
        blockHash: block(number),
        transactionIndex: '0x0',
        logIndex: '0x0',
        removed: false,
      }));
  }
}

class Reverted extends Error {
  constructor(readonly data: string) {
    super('execution reverted');
  }
}

const asRpcError = (error: unknown): object =>
  error instanceof Reverted
    ? { code: 3, message: error.message, data: error.data }
    : { code: -32_000, message: String(error) };
