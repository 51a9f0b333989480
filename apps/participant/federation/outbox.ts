import { readFileSync } from 'node:fs';
import { DomainError } from '#core';
import type { AnyMessage, MemberKind, Message } from '#federation';
import { DurableLog, writeDurably } from '../node/durable-log.ts';
import type { SiteDirectory } from '../node/site-directory.ts';

/** One statement of this site, with the bytes that go with it: written before it is sent, sent again unchanged after a crash. */
export interface Outgoing {
  readonly message: AnyMessage;
  /** Files beside the log whose content travels as blobs, in order. */
  readonly blobs: readonly string[];
  /** Needed again later and never sent: the nonce behind a commitment. */
  readonly secret?: string;
}

/**
 * What this site has said in one task: one statement per (kind, round), ever. Encrypt once, READY once and answer once all
 * follow from it, because every statement is taken from here and enters here before it leaves.
 */
export class Outbox {
  private readonly log: DurableLog<Outgoing>;

  constructor(
    private readonly directory: SiteDirectory,
    private readonly cardHash: string,
  ) {
    directory.folder('federation', cardHash);
    this.log = DurableLog.open<Outgoing>(this.path('outbox.jsonl'));
  }

  path(name: string): string {
    return this.directory.file('federation', this.cardHash, name);
  }

  find(kind: MemberKind, round: number): Outgoing | undefined {
    return this.log.entries.find(({ message }) => message.kind === kind && message.round === round);
  }

  /** Makes the statement durable; from here on nothing else can be said under its (kind, round). */
  record(message: Message<MemberKind>, blobs: readonly Uint8Array[], secret?: string): Outgoing {
    if (this.find(message.kind, message.round)) {
      throw new DomainError(
        'ALREADY_SAID',
        `expected one ${message.kind} in round ${message.round}, got a second`,
        'conflict',
      );
    }
    const files = blobs.map((bytes, i) => {
      const name = `${message.kind}-${message.round}-${i}.bin`;
      writeDurably(this.path(name), bytes);
      return name;
    });
    const outgoing = {
      message: message as AnyMessage,
      blobs: files,
      ...(secret === undefined ? {} : { secret }),
    };
    this.log.append(outgoing);
    return outgoing;
  }

  bytes(name: string): Uint8Array {
    return readFileSync(this.path(name));
  }

  /**
   * A transcript that holds a statement of ours which the log does not know means that the log was restored from an older
   * copy (or the key is used elsewhere): answering again could open a secret, so the site says nothing more in this task.
   * @throws LOG_OLDER_THAN_TRANSCRIPT
   */
  requireKnows(said: AnyMessage): void {
    const known = this.find(said.kind as MemberKind, said.round);
    if (known?.message.signature !== said.signature) {
      throw new DomainError(
        'LOG_OLDER_THAN_TRANSCRIPT',
        `expected every statement of this site in its log, got ${said.kind} of round ${said.round} from the transcript only`,
        'conflict',
        { kind: said.kind, round: said.round },
      );
    }
  }
}
