import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { ApiKey, Member } from './identity.entities.ts';

export interface MemberApiKey extends ApiKey {
  readonly memberName: string;
}

/** Which keys there are; a secret is kept nowhere. */
@Injectable()
export class ApiKeysService {
  constructor(private readonly database: Database) {}

  /** Of the own organisation, revoked ones too, oldest first. @throws ROLE_MISSING */
  async list(principal: Principal, page: PageArgs): Promise<Connection<MemberApiKey>> {
    requireRole(principal, 'admin', 'operator');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const { edges, pageInfo } = await pageByCreation(
        manager.createQueryBuilder(ApiKey, 'key'),
        page,
        'ASC',
      );
      const members = await manager.findBy(Member, { id: In(edges.map(({ node }) => node.memberId)) });
      const names = new Map(members.map(({ id, name }) => [id, name]));
      const named = edges.map(({ cursor, node }) => ({
        cursor,
        node: Object.assign(node, { memberName: names.get(node.memberId)! }),
      }));
      return { edges: named, pageInfo };
    });
  }
}
