import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { DomainError } from '#core';
import type { Principal } from './principal.ts';

/** What an auditor and nothing else may ask for: decisions and what proves them, and no payload of anybody. */
const AUDITORS_FIELDS: ReadonlySet<string> = new Set([
  '__schema',
  '__type',
  '__typename',
  'me',
  'platform',
  'auditChains',
  'auditEntries',
  'auditHead',
  'ledgerDays',
  'ledgerCountersignatures',
]);

/**
 * Keeps a credential of role auditor alone to fields that carry no payload; a field that comes new is refused until it
 * stands in the list. @throws ROLE_MISSING
 */
export function requireAuditorsField(
  principal: Principal | undefined,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): void {
  if (principal === undefined || !isAuditorAlone(principal)) return;
  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  for (const field of rootFields(operation.selectionSet, fragments)) {
    if (!AUDITORS_FIELDS.has(field)) throw auditorRefused(field);
  }
}

/** For doors that hand out payloads only: blobs, exports, subscriptions. @throws ROLE_MISSING */
export function requireMoreThanAuditor(principal: Principal): void {
  if (isAuditorAlone(principal)) throw auditorRefused('this');
}

const isAuditorAlone = ({ roles }: Principal): boolean => roles.every((role) => role === 'auditor');

/** The document is valid: fragments exist and have no cycles. Each is read once. */
function rootFields(
  root: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
  seen: Set<string> = new Set(),
): string[] {
  return root.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, fragments, seen);
    const name = selection.name.value;
    const fragment = fragments.find((each) => each.name.value === name);
    if (fragment === undefined || seen.has(name)) return [];
    seen.add(name);
    return rootFields(fragment.selectionSet, fragments, seen);
  });
}

const auditorRefused = (field: string): DomainError =>
  new DomainError(
    'ROLE_MISSING',
    `expected a role beside auditor for ${field}, got auditor alone`,
    'forbidden',
  );
