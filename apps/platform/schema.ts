import { writeFile } from 'node:fs/promises';
import { printPlatformSchema } from './print-schema.ts';

// `npm run schema`: the committed schema.graphql is derived; test/schema.spec.ts notices when it is not.
await writeFile('schema.graphql', await printPlatformSchema());
