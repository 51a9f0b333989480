/**
 * anchor: the ledger's days in a contract on an EVM chain, over JSON-RPC. Its client is loaded by who connects, and only then.
 *
 * Vocabulary: anchor (root and hash of a day's record, kept by the contract), day number (days since 1970-01-01 UTC).
 */
export { AnchorChain, type Anchoring, deployAnchor } from './anchor-chain.ts';
export { type Anchor, requireSameAnchor } from './anchor.ts';
export { readAnchorKey } from './anchor-key.ts';
