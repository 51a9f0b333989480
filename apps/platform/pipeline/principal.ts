import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import { DomainError } from '#core';

export const ROLES = ['firm', 'analyst', 'market', 'operator', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking: a member by API key, or a participant (a process at a firm) by its signature. */
export interface Principal {
  readonly kind: 'member' | 'participant';
  /** The member's or the participant's id. */
  readonly id: string;
  /** The tenant. */
  readonly organisationId: string;
  readonly roles: readonly Role[];
}

/** What the pipeline leaves on a request and GraphQL finds in its context. */
export interface PrincipalHolder {
  principal?: Principal | undefined;
}

/**
 * Parameter decorator: the authenticated principal of a GraphQL resolver or an HTTP handler.
 * @throws UNAUTHENTICATED when the request carried no credentials.
 */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const holder: PrincipalHolder =
    context.getType<'graphql' | 'http'>() === 'graphql'
      ? GqlExecutionContext.create(context).getContext<PrincipalHolder>()
      : context.switchToHttp().getRequest<PrincipalHolder>();
  return requirePrincipal(holder.principal);
});

/** @throws UNAUTHENTICATED */
export function requirePrincipal(principal: Principal | undefined): Principal {
  if (principal === undefined) {
    throw new DomainError(
      'UNAUTHENTICATED',
      'expected an API key or a signed request, got neither',
      'unauthenticated',
    );
  }
  return principal;
}

/**
 * Authorisation, called by services (guards do not run on field resolvers).
 * @throws ROLE_MISSING unless the principal has one of the roles.
 */
export function requireRole(principal: Principal, ...roles: readonly Role[]): void {
  if (!roles.some((role) => principal.roles.includes(role))) {
    throw new DomainError(
      'ROLE_MISSING',
      `expected role ${roles.join(' or ')}, got ${principal.roles.join(', ')}`,
      'forbidden',
      {
        expected: roles,
      },
    );
  }
}
