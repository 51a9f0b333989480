import { type AddHelpTextContext, type AddHelpTextPosition, Command } from 'commander';

type Text = string | ((context: AddHelpTextContext) => string);

/** A command that keeps what its help adds as data, for a manual page to lay out. */
export class DocumentedCommand extends Command {
  private readonly texts: string[] = [];
  private hasAction = false;

  override createCommand(name?: string): DocumentedCommand {
    return new DocumentedCommand(name);
  }

  override addHelpText(_position: AddHelpTextPosition, text: Text): this {
    this.texts.push(typeof text === 'string' ? text : text({ error: false, command: this }));
    return this;
  }

  override action(work: Parameters<Command['action']>[0]): this {
    this.hasAction = true;
    return super.action(work);
  }

  /** Whether it does something itself; a group may, too. */
  get runs(): boolean {
    return this.hasAction;
  }

  get helpTexts(): readonly string[] {
    return this.texts;
  }
}
