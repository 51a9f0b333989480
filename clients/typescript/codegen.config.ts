import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the client's documents, derived from schema.graphql into src/generated: `npm run client:types`. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'clients/typescript/src/documents.ts',
  generates: {
    'clients/typescript/src/generated/': {
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
