import { checkEic } from '#metering';
import { EXIT, type Output } from '../output.ts';
import { tableText } from '../table-text.ts';

/** Checks codes and tells each; the exit code says whether all are valid. */
export function tellEic(codes: readonly string[], output: Output): void {
  const checked = codes.map(checkEic);
  const rows = checked.map(({ code, valid, expectedCheckCharacter, type, problem }) => [
    code,
    valid ? 'valid' : `not valid: ${problem}`,
    expectedCheckCharacter ?? '–',
    type ?? '–',
  ]);
  output.result({ codes: checked }, tableText(['code', 'verdict', 'check character', 'type'], rows));
  if (!checked.every(({ valid }) => valid)) process.exitCode = EXIT.refused;
}
