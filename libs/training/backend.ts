import util from 'node:util';

/** 'tensorflow' is the native library through tfjs-node, 'wasm' XNNPACK in WebAssembly (SIMD, one thread under Node), 'cpu' plain JavaScript. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

/** What computes, and with what. */
export interface Backend {
  readonly name: BackendName;
  /** Whether it has vector instructions; null where the native library decides. */
  readonly simd: boolean | null;
  /** Null where the native library decides. */
  readonly threads: number | null;
}

/** Fastest first. The same training differs between them by less than 1e-4 a weight after a hundred steps. */
const PREFERENCE: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];

// Not a dependency: its installer downloads a library of 400 MB. A machine that has it uses it.
const NATIVE_PACKAGE = '@tensorflow/tfjs-node';

/** Loaded when something is to be computed: who applies server steps or checks hashes alone never pays for it. */
const core = () => import('@tensorflow/tfjs-core');

/** Each package registers its backend when it is imported. */
const LOADERS: Readonly<Record<BackendName, () => Promise<unknown>>> = {
  tensorflow: () => {
    // Node 23 removed a function that tfjs-node 4 calls.
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
    return import(NATIVE_PACKAGE);
  },
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};

async function start(name: BackendName): Promise<boolean> {
  const { enableProdMode, setBackend } = await core();
  // Else plain JavaScript prints an advertisement for the native package.
  enableProdMode();
  try {
    await LOADERS[name]();
    return await setBackend(name);
  } catch {
    return false;
  }
}

async function choose(): Promise<BackendName> {
  for (const name of PREFERENCE) if (await start(name)) return name;
  throw new TypeError('plain JavaScript did not start as a backend of tensorflow.js');
}

let chosen: Promise<BackendName> | undefined;

/** What computes in this thread, chosen at the first call: the native library where it loads, else WebAssembly, else JavaScript. */
export function backend(): Promise<BackendName> {
  chosen ??= choose();
  return chosen;
}

/** Computes with `name` from now on; false where it does not start. For comparisons. */
export async function useBackend(name: BackendName): Promise<boolean> {
  const started = await start(name);
  if (started) chosen = Promise.resolve(name);
  return started;
}

/**
 * The backend of this thread, started where it has not been. WebAssembly says how many threads it has: one under Node, where
 * tensorflow.js 4.22 does not start its threaded binary.
 */
export async function backendOfThread(): Promise<Backend> {
  const name = await backend();
  if (name !== 'wasm')
    return { name, simd: name === 'cpu' ? false : null, threads: name === 'cpu' ? 1 : null };
  const { env } = await core();
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  const simd = Boolean(await env().getAsync('WASM_HAS_SIMD_SUPPORT'));
  return { name, simd, threads: getThreadsCount() };
}

/** 'wasm with SIMD, 1 thread' */
export function backendText({ name, simd, threads }: Backend): string {
  const counted = threads === null ? 'its own threads' : `${threads} thread${threads === 1 ? '' : 's'}`;
  return `${name}${simd ? ' with SIMD' : ''}, ${counted}`;
}
