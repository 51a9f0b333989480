import { describe, expect, it } from '@jest/globals';
import { PostgresNaming } from './naming.ts';

describe('PostgresNaming', () => {
  const naming = new PostgresNaming();

  it('names as PostgreSQL does', () => {
    expect(naming.columnName('legalId', '')).toBe('legal_id');
    expect(naming.primaryKeyName('public.member')).toBe('member_pkey');
    expect(naming.uniqueConstraintName('member', ['tenant_id', 'name'])).toBe('member_tenant_id_name_key');
    expect(naming.foreignKeyName('member', ['tenant_id'])).toBe('member_tenant_id_fkey');
    expect(naming.indexName('api_key', ['tenant_id', 'created_at'])).toBe('api_key_tenant_id_created_at_idx');
  });

  it('cuts long names as PostgreSQL does', () => {
    expect(
      naming.uniqueConstraintName('published_emissions', [
        'participant_id',
        'starts_at',
        'ends_at',
        'version',
      ]),
    ).toBe('published_emissions_participant_id_starts_at_ends_at_versio_key');
  });
});
