import { DefaultNamingStrategy, type Table } from 'typeorm';

/**
 * Names as PostgreSQL itself gives them (`member_tenant_id_name_key`, snake_case columns), so that migrations are plain
 * SQL and entities repeat no names. Names longer than PostgreSQL's 63 bytes must be given explicitly in both places.
 */
export class PostgresNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string): string {
    return customName === '' || customName === undefined ? snakeCase(propertyName) : customName;
  }

  override joinColumnName(relationName: string, referencedColumnName: string): string {
    return snakeCase(`${relationName}_${referencedColumnName}`);
  }

  override primaryKeyName(table: Table | string): string {
    return `${tableName(table)}_pkey`;
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_key`;
  }

  override relationConstraintName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_key`;
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_fkey`;
  }

  override indexName(table: Table | string, columns: string[]): string {
    return `${tableName(table)}_${columns.join('_')}_idx`;
  }
}

function tableName(table: Table | string): string {
  const path = typeof table === 'string' ? table : table.name;
  return path.split('.').at(-1) ?? path;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
