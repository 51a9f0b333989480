import { DomainError } from '#core';

/**
 * What the chain's client throws, without its request: an address of a node often holds the access key of who pays for it,
 * and neither may reach a log.
 */
export function chainError(error: unknown): DomainError {
  const code = codeOf(error);
  if (code === 'CALL_EXCEPTION') {
    const revert = nameOfRevert(error);
    return new DomainError('ANCHOR_REFUSED', `expected the contract to take it, got ${revert}`, 'conflict', {
      revert,
    });
  }
  if (code === 'BAD_DATA') {
    return new DomainError(
      'ANCHOR_CONTRACT_UNKNOWN',
      'expected a contract that keeps anchors at the address, got none on this chain',
      'not-found',
    );
  }
  return new DomainError('ANCHOR_UNREACHABLE', `expected the chain to answer, got ${code}`, 'unavailable', {
    code,
  });
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

function codeOf(error: unknown): string {
  const code = property(error, 'code');
  return typeof code === 'string' ? code : 'no answer';
}

function nameOfRevert(error: unknown): string {
  const name = property(property(error, 'revert'), 'name');
  return typeof name === 'string' ? name : 'a refusal without a reason';
}
