import { run } from './command-line.ts';

/** A verb on one JSON document: its answer, or the error it refuses with. */
export async function fileVerb(
  verb: readonly string[],
  input: unknown,
): Promise<{ exitCode: number | null; answer: unknown }> {
  const { exitCode, stdout, stderr } = await run([...verb, '--input', '-', '--json'], {
    stdin: JSON.stringify(input),
  });
  return { exitCode, answer: JSON.parse(exitCode === 0 ? stdout : stderr) };
}
