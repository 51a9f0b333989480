import { writeFile } from 'node:fs/promises';
import { printPlatformSchema } from './print-schema.ts';

// `npm run schema`: the committed schema.graphql is derived; print-schema.spec.ts notices when it is not.
await writeFile('schema.graphql', await printPlatformSchema());
