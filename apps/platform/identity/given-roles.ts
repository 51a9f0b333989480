import { DomainError } from '#core';
import { type Principal, requireRole, type Role } from '../pipeline/principal.ts';

/** Roles that reach beyond the own organisation: only an operator hands them out, and only to the operator's members. */
const OPERATOR_ROLES: readonly Role[] = ['operator', 'auditor', 'market'];

/** @throws ROLES_EMPTY, ROLE_MISSING for roles that only an operator hands out */
export function requireRoles(principal: Principal, roles: readonly Role[]): void {
  if (roles.length === 0) throw new DomainError('ROLES_EMPTY', 'expected at least one role, got none');
  if (roles.some((role) => OPERATOR_ROLES.includes(role))) requireRole(principal, 'operator');
}
