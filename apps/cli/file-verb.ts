import type { Command } from 'commander';
import { z } from 'zod';
import { readInput } from './input.ts';
import type { Study } from '#studies';
import type { Output, OutputOf } from './output.ts';
import { toldOnTerminal } from './study-progress.ts';

interface FileOptions {
  readonly input?: string;
  readonly schema?: boolean;
}

/** Schema and action of a verb that reads one JSON document; loaded when the verb runs. */
export interface FileVerb<Input, Options extends object = object> {
  readonly schema: z.ZodType<Input>;
  // A method: verbs of several inputs are one type where only their own schema feeds them.
  run(input: Input, output: Output, options: Options): void | Promise<void>;
}

/** A study that reads its input from a file; `text` is its result for people. */
export const studyVerb = <Input, Options extends object, Result>(
  study: Study<Input, Options, Result>,
  text: (result: Result, input: Input) => string,
): FileVerb<Input, Options> => ({
  schema: study.input,
  async run(input, output, options) {
    const result = await toldOnTerminal((context) => study.run(input, options, context));
    output.result(result, text(result, input));
  },
});

export function tellSchema(schema: z.ZodType, output: Output): void {
  const printed = z.toJSONSchema(schema, { io: 'input' });
  output.result(printed, JSON.stringify(printed, null, 2));
}

/**
 * Arguments of a verb whose document is one of them: all of them, or `--schema` and none, for which null stands. Anything else is
 * a wrong command line.
 */
export function givenUnlessSchema<T extends readonly (string | undefined)[]>(
  command: Command,
  schema: boolean | undefined,
  given: readonly [...T],
): { readonly [K in keyof T]: string } | null {
  const missing = given.indexOf(undefined);
  if (schema === true && given.every((argument) => argument === undefined)) return null;
  if (schema !== true && missing === -1) return given as { readonly [K in keyof T]: string };
  const name = command.registeredArguments[Math.max(0, missing)]?.name();
  return command.error(
    schema === true
      ? "error: option '--schema' cannot be used with arguments"
      : `error: missing required argument '${name}'`,
    { code: 'commander.missingArgument' },
  );
}

export const SCHEMA = ['--schema', 'print the JSON Schema of the file instead'] as const;

/** Another way to the input than a JSON document; null where it was not asked for. */
type OtherInput<Options> = (options: Options) => ((output: Output) => Promise<void>) | null;

/** Gives a verb `--input FILE` and `--schema`, of which one is needed where no other input is. */
export function readsFile<Input, Options extends object>(
  command: Command,
  outputOf: OutputOf,
  load: (options: Options) => Promise<FileVerb<Input, Options>>,
  other: OtherInput<Options> = () => null,
): void {
  command
    .option('--input <file>', 'the input as JSON, - for standard input')
    .option('--schema', 'print the JSON Schema of the input instead')
    .action(async (options: Options & FileOptions, self: Command) => {
      const instead = options.input === undefined && options.schema !== true ? other(options) : null;
      if (instead) return instead(outputOf(self));
      if ((options.input === undefined) === (options.schema !== true)) {
        self.error(
          options.input === undefined
            ? "error: required option '--input <file>' not specified"
            : "error: option '--input <file>' cannot be used with option '--schema'",
          { code: 'commander.missingMandatoryOptionValue' },
        );
      }
      const verb = await load(options);
      const output = outputOf(self);
      if (options.input !== undefined)
        return verb.run(await readInput(options.input, verb.schema), output, options);
      tellSchema(verb.schema, output);
    });
}
