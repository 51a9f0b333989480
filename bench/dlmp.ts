/*
 * Locational prices of the 33-bus feeder over a day, losses and voltage limits active. `npm run bench:dlmp`; the last line is
 * JSON: {"dlmp33x24": {"seconds": …}}.
 */
import { measureDlmp } from './market/dlmp.ts';

const measured = await measureDlmp();
process.stdout.write(`${JSON.stringify({ dlmp33x24: measured })}\n`);
