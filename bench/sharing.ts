/*
 * What it costs to share fairly: the Shapley value of 16 members, each coalition dispatched, and 1 000 members that
 * coordinate without telling their data. `npm run bench:sharing`; the last line is JSON with `shapley16` and `admm1000`.
 */
import { measureAdmm1000, measureShapley16 } from './market/sharing.ts';

const progress = (text: string) => void process.stderr.write(`${text}\n`);

const admm1000 = await measureAdmm1000(progress);
const shapley16 = await measureShapley16(progress);
process.stdout.write(`${JSON.stringify({ shapley16, admm1000 })}\n`);
