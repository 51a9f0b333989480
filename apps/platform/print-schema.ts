import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { features } from './features.ts';

type Class = abstract new (...args: never[]) => object;

/** The whole GraphQL schema as text, sorted, without starting anything: derived from the features' resolvers. */
export async function printPlatformSchema(): Promise<string> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  try {
    const schema = await app.get(GraphQLSchemaFactory).create(features.flatMap(resolversOf), []);
    return `${printSchema(lexicographicSortSchema(schema))}\n`;
  } finally {
    await app.close();
  }
}

function resolversOf(feature: object): Function[] {
  const providers = (Reflect.getMetadata('providers', feature) ?? []) as readonly unknown[];
  return providers.filter((provider): provider is Class => isClass(provider) && isResolver(provider));
}

const isClass = (provider: unknown): provider is Class => typeof provider === 'function';

/** `@Resolver()` leaves this mark. */
const isResolver = (provider: Class): boolean => Reflect.hasMetadata('graphql:resolver_type', provider);
