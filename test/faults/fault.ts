import type { Content } from './content.ts'
import type { Lab } from './lab.ts'
import type { Origin } from './server.ts'

/** What a tool must be able to do for a fault to say anything about it. */
export type Feature =
  | 'sha256'
  | 'digest-fields'
  | 'mirrors'
  | 'names'
  | 'cookies'
  | 'web-page-check'
  | 'if-changed'
  | 'if-exists'
  | 'overall-timeout'
  | 'verdict'
  | 'content-coding'
  | 'retry-after'
  | 'connections'
  | 'netrc'
  | 'free-space'

/** A download in words that any tool's command line can be built from. Durations in seconds. */
export interface Ask {
  readonly url: string
  /** Name of the file; default what the tool takes from answer and address. */
  readonly out?: string
  readonly sha256?: string
  /** Connections at most; default 4. */
  readonly connections?: number
  /** Further attempts without progress; default 2. */
  readonly retries?: number
  /** Default 1. */
  readonly stallTimeout?: number
  /** Default 2. */
  readonly connectTimeout?: number
  readonly timeout?: number
  /** `Name: value` lines of the user. */
  readonly headers?: ReadonlyArray<string>
  /** Path of a Netscape cookie file. */
  readonly cookieFile?: string
  /** Path of a PEM file. */
  readonly cacert?: string
  readonly mirrors?: ReadonlyArray<string>
  readonly ifChanged?: 'fail' | 'restart'
  readonly ifExists?: 'rename' | 'overwrite' | 'skip' | 'fail'
  readonly allowHtml?: boolean
  /** Machine-readable output, from which the verdict is read. */
  readonly json?: boolean
  /** Folder instead of the sandbox's own. */
  readonly dir?: string
}

/** One call of the tool. */
export interface Run {
  readonly ask: Ask
  /** Exit codes of Sluice that are right; of other tools only zero or not counts. */
  readonly exit: ReadonlyArray<number>
  /** Changes server or disk before this call. */
  before?(): void | Promise<void>
}

/** What holds at the end, beyond the rules that hold for every fault (see judge.ts). */
export interface Expectation {
  /** What may lie under the final name after exit 0; default the content that the first origin began with. */
  readonly bytes?: ReadonlyArray<Content | Buffer>
  /** Name of the file after exit 0. */
  readonly name?: string | RegExp
  /** Body bytes that all origins may send beyond the size of the file. */
  readonly refetched?: number
  /** Requests at most, over all origins. */
  readonly requests?: number
  /** Seconds that the last run may take. */
  readonly seconds?: number
  /** After a failure a part must be there to resume from. */
  readonly part?: boolean
  readonly verdict?: 'verified' | 'length-only' | 'unverified'
  /** A part may be left after success: nobody can know any more whose it was. */
  readonly orphan?: boolean
  /** What the messages must say. */
  readonly says?: RegExp
  /** Texts that must appear neither in the output nor in any file left behind. */
  readonly secrets?: ReadonlyArray<string>
  /** Header fields (lower case) that an origin must never have seen. */
  readonly withheld?: ReadonlyArray<{ readonly origin: Origin; readonly headers: ReadonlyArray<string> }>
  /** Anything else; gives back what is wrong. */
  also?(outcome: Outcome): string | undefined
}

export interface Plan {
  readonly runs: ReadonlyArray<Run>
  readonly expect: Expectation
}

export interface Fault {
  readonly name: string
  /** The row of the reference or the section of the RFC that asks for the behaviour. */
  readonly why: string
  readonly needs?: ReadonlyArray<Feature>
  setup(lab: Lab): Promise<Plan>
}

export interface FaultGroup {
  readonly group: string
  readonly faults: ReadonlyArray<Fault>
}

/** How one run went. */
export interface RunOutcome {
  /** Null when it had to be killed because it did not end. */
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export interface Outcome {
  readonly runs: ReadonlyArray<RunOutcome>
  readonly last: RunOutcome
  /** Names of new finished files, relative to the folder. */
  readonly finals: ReadonlyArray<string>
  /** Names of parts, relative to the folder. */
  readonly parts: ReadonlyArray<string>
}
