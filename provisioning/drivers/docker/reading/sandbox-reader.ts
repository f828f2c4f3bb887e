import type { Clock, Log, Timer } from "#foundation";
import { ProvisioningError } from "#provisioning";
import { type ReaderChild, startReader } from "./reader-child.ts";
import type { ReaderAnswer } from "./reader-protocol.ts";
import type { Readings } from "./readings.ts";

/** Ms in which the kernel answers. A busy machine takes tens of them for a sandbox with five hundred processes. */
const ANSWERS_WITHIN = 2_000;
/** Ms in which a reader starts: it is Node that starts, 50 on a quiet machine. */
const STARTS_WITHIN = 30_000;
/** Whoever made a reader wait is not asked about again for so long, ms. */
const REST = 60_000;
/** Readers that the kernel does not let go, not even to end: with so many nothing is read until one has ended. */
const MOST_STUCK = 4;

export interface SandboxReaderOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly within?: number;
  /** Starts the process that reads. */
  readonly start?: () => ReaderChild;
}

interface Question {
  /** Whom it is about: who made a reader wait makes no other one wait. */
  readonly subject: string;
  readonly kind: keyof Readings;
  readonly about: unknown;
  readonly resolve: (answer: ReaderAnswer) => void;
  readonly reject: (error: ProvisioningError) => void;
}

/**
 * Reads what sandboxes control, in a process of its own and with a deadline: our only thread never waits for a stranger's locks. A reader that
 * does not answer in time is killed, and replaced by the next question. A process and not a thread: a thread that waits in the kernel
 * cannot be ended, and keeps its whole process from ending.
 */
export class SandboxReader {
  readonly #options: SandboxReaderOptions;
  readonly #within: number;
  readonly #waiting: Question[] = [];
  readonly #stuck = new Set<ReaderChild>();
  /** Until when nobody is asked about whom, by the monotonic clock. */
  readonly #resting = new Map<string, number>();
  #child: ReaderChild | undefined;
  /** The child has started; until then nobody is blamed for its silence. */
  #up = false;
  #asked: { readonly question: Question; readonly timer: Timer } | undefined;
  #closed = false;

  constructor(options: SandboxReaderOptions) {
    this.#options = options;
    this.#within = options.within ?? ANSWERS_WITHIN;
  }

  /** Rejects `sandbox_gone` when what is asked about is not there any more, `reading_late` when nothing is known of it now. */
  async ask<K extends keyof Readings>(subject: string, kind: K, about: Parameters<Readings[K]>[0]): Promise<ReturnType<Readings[K]>> {
    const answer = await new Promise<ReaderAnswer>((resolve, reject) => {
      this.#waiting.push({ subject, kind, about, resolve, reject });
      this.#next();
    });
    if ("gone" in answer) throw new ProvisioningError("sandbox_gone", "the sandbox has ended", { detail: { why: answer.gone } });
    return answer.value as ReturnType<Readings[K]>;
  }

  close(): void {
    this.#closed = true;
    this.#child?.end();
    this.#asked?.timer.cancel();
    const left = [...(this.#asked === undefined ? [] : [this.#asked.question]), ...this.#waiting.splice(0)];
    this.#asked = undefined;
    for (const question of left) question.reject(late("Guise is stopping"));
  }

  #next(): void {
    while (this.#asked === undefined) {
      const question = this.#waiting.shift();
      if (question === undefined) return;
      const refusal = this.#refusal(question.subject);
      if (refusal !== undefined) question.reject(late(refusal));
      else this.#put(question);
    }
  }

  #refusal(subject: string): string | undefined {
    if (this.#closed) return "Guise is stopping";
    if (this.#stuck.size >= MOST_STUCK) return `the kernel does not let ${MOST_STUCK} readers go`;
    const until = this.#resting.get(subject);
    if (until === undefined) return undefined;
    if (until > this.#options.clock.monotonic()) return "it did not answer in time a short while ago";
    this.#resting.delete(subject);
    return undefined;
  }

  #put(question: Question): void {
    const child = this.#child ?? this.#begin();
    this.#asked = { question, timer: this.#deadline() };
    child.ask({ kind: question.kind, about: question.about });
  }

  #deadline(): Timer {
    return this.#options.clock.after(this.#up ? this.#within : STARTS_WITHIN, () => this.#giveUp(), { unref: true });
  }

  #begin(): ReaderChild {
    const child = (this.#options.start ?? startReader)();
    this.#child = child;
    this.#up = false;
    child.onUp(() => {
      if (this.#child !== child) return;
      this.#up = true;
      const asked = this.#asked;
      if (asked === undefined) return;
      asked.timer.cancel();
      this.#asked = { question: asked.question, timer: this.#deadline() };
    });
    child.onAnswer((answer) => {
      if (this.#child === child) this.#settle(({ resolve }) => resolve(answer));
    });
    child.onEnd((how) => {
      this.#stuck.delete(child);
      if (this.#child !== child) return;
      this.#child = undefined;
      if (this.#closed) return;
      this.#options.log.warn({ how }, "the reader of sandboxes ended; the next question starts another");
      this.#settle(({ reject }) => reject(late("its reader ended")));
    });
    return child;
  }

  #giveUp(): void {
    const child = this.#child;
    const subject = this.#asked?.question.subject;
    if (child === undefined || subject === undefined) return;
    this.#child = undefined;
    this.#stuck.add(child);
    child.kill();
    const { log, clock } = this.#options;
    if (!this.#up) {
      log.warn({ within: STARTS_WITHIN }, "the reader of sandboxes did not start in time");
      this.#settle(({ reject }) => reject(late("its reader did not start")));
      return;
    }
    this.#resting.set(subject, clock.monotonic() + REST);
    log.warn({ subject, within: this.#within, stuck: this.#stuck.size }, "the kernel did not say in time how a sandbox is");
    this.#settle(({ reject }) => reject(late(`no answer within ${this.#within / 1000} s`)));
  }

  #settle(end: (question: Question) => void): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#asked = undefined;
    asked.timer.cancel();
    end(asked.question);
    this.#next();
  }
}

function late(why: string): ProvisioningError {
  return new ProvisioningError("reading_late", `it is not known how the sandbox is: ${why}`);
}
