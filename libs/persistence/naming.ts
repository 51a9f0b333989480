import { DefaultNamingStrategy, type Table } from 'typeorm';

/**
 * Names as PostgreSQL itself gives them (`member_tenant_id_name_key`, snake_case columns), so that migrations are plain
 * SQL and entities repeat no names. A check constraint has its name in both places: `@Check('order_side_check', …)`.
 */
export class PostgresNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string): string {
    return customName === '' || customName === undefined ? snakeCase(propertyName) : customName;
  }

  override joinColumnName(relationName: string, referencedColumnName: string): string {
    return snakeCase(`${relationName}_${referencedColumnName}`);
  }

  override primaryKeyName(table: Table | string): string {
    return objectName(table, [], 'pkey');
  }

  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return objectName(table, columns, 'key');
  }

  override relationConstraintName(table: Table | string, columns: string[]): string {
    return objectName(table, columns, 'key');
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return objectName(table, columns, 'fkey');
  }

  override indexName(table: Table | string, columns: string[]): string {
    return objectName(table, columns, 'idx');
  }
}

const MAX_NAME_BYTES = 63;

/** `table_columns_label`; where that is too long, the longer of the two parts is cut first (makeObjectName in PostgreSQL). */
function objectName(table: Table | string, columns: readonly string[], label: string): string {
  let first = tableName(table);
  let second = columns.join('_');
  const room = MAX_NAME_BYTES - label.length - 1 - (second === '' ? 0 : 1);
  while (first.length + second.length > room) {
    if (first.length > second.length) first = first.slice(0, -1);
    else second = second.slice(0, -1);
  }
  return [first, second, label].filter((part) => part !== '').join('_');
}

function tableName(table: Table | string): string {
  const path = typeof table === 'string' ? table : table.name;
  return path.split('.').at(-1) ?? path;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
