import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the pages' queries, derived from schema.graphql into apps/console/generated: `npm run console:types`. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'apps/console/*/*.{ts,tsx}',
  ignoreNoDocuments: true,
  generates: {
    'apps/console/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
        emitLegacyCommonJSImports: false,
        defaultScalarType: 'unknown',
        scalars: { DateTime: 'string', ForecastSeries: 'string', SafeInt: 'number', JSON: 'unknown' },
      },
    },
  },
};
export default config;
