import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { codeOf } from './socket-errors.ts'

/** One entry of a netrc file; `machine` is null for the default entry. */
export interface NetrcEntry {
  readonly machine: string | null
  readonly login: string | undefined
  readonly password: string | undefined
}

export interface Netrc {
  readonly entries: ReadonlyArray<NetrcEntry>
  /** Sentences for the user: lines that make no sense, a file that others can read. They show no content. */
  readonly warnings: ReadonlyArray<string>
}

/**
 * Parses netrc text: `machine`, `default`, `login`, `password`, `account`, `macdef`; values may stand in double quotes
 * with backslash escapes; `#` begins a comment where a keyword could stand.
 */
export function parseNetrc(text: string): Netrc {
  const entries: Array<{ machine: string | null; login?: string; password?: string }> = []
  const warnings: string[] = []
  const words = wordsOf(text)
  for (let word = words.next(); word !== null; word = words.next()) {
    const entry = entries.at(-1)
    if (word.startsWith('#')) words.skipLine()
    else if (word === 'default') entries.push({ machine: null })
    else if (word === 'macdef') words.skipParagraph()
    else if (word === 'machine') entries.push({ machine: (words.next() ?? '').toLowerCase() })
    else if (entry !== undefined && (word === 'login' || word === 'password')) entry[word] = words.next() ?? ''
    else if (word === 'account') words.next()
    else {
      warnings.push(`Line ${words.line()} of the netrc file is not understood and is passed over.`)
      words.skipLine()
    }
  }
  return { entries: entries.map(({ machine, login, password }) => ({ machine, login, password })), warnings }
}

/**
 * The entry for a host, the first of that machine. With a login the first one of that machine and login. The default
 * entry stands for every host, and only where `allowDefault` says that the user named the host.
 */
export function findNetrc(
  entries: ReadonlyArray<NetrcEntry>,
  host: string,
  options: { readonly login?: string | undefined; readonly allowDefault: boolean },
): NetrcEntry | undefined {
  const { login, allowDefault } = options
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  const fits = (entry: NetrcEntry): boolean => login === undefined || entry.login === undefined || entry.login === login
  const own = entries.find((entry) => entry.machine === name && fits(entry))
  return own ?? (allowDefault ? entries.find((entry) => entry.machine === null && fits(entry)) : undefined)
}

/** Reads the file that NETRC names, else `.netrc` (on Windows also `_netrc`) in the home folder. No file, no entries. */
export async function readNetrc(env: NodeJS.ProcessEnv, home: string = homedir()): Promise<Netrc> {
  const named = env['NETRC']
  const names = process.platform === 'win32' ? ['.netrc', '_netrc'] : ['.netrc']
  for (const path of named ? [named] : names.map((name) => join(home, name))) {
    try {
      const { entries, warnings } = parseNetrc(await readFile(path, 'utf8'))
      return { entries, warnings: [...warnings, ...(await openToOthers(path))] }
    } catch (error) {
      // Without NETRC a missing file is the usual case.
      if (codeOf(error) === 'ENOENT' && !named) continue
      return { entries: [], warnings: [`${path} cannot be read (${codeOf(error)}); no passwords are taken from it.`] }
    }
  }
  return { entries: [], warnings: [] }
}

async function openToOthers(path: string): Promise<string[]> {
  if (process.platform === 'win32') return []
  const { mode } = await stat(path)
  return (mode & 0o077) === 0 ? [] : [`Other users of this machine can read ${path}; chmod 600 closes it.`]
}

interface Words {
  next(): string | null
  skipLine(): void
  /** Skips to after the next empty line. */
  skipParagraph(): void
  line(): number
}

function wordsOf(text: string): Words {
  let at = text.startsWith('\ufeff') ? 1 : 0
  const skipTo = (pattern: RegExp): void => {
    pattern.lastIndex = at
    at = pattern.test(text) ? pattern.lastIndex : text.length
  }
  return {
    next() {
      const word = /\s*(?:"((?:[^"\\]|\\.)*)(?:"|$)|(\S+))/sy
      word.lastIndex = at
      const match = word.exec(text)
      at = match === null ? text.length : word.lastIndex
      return match === null ? null : (match[2] ?? unescape(match[1] ?? ''))
    },
    skipLine: () => skipTo(/\n|$/g),
    skipParagraph: () => skipTo(/\n[ \t\r]*(?:\n|$)/g),
    line: () => text.slice(0, at).split('\n').length,
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? char)
}
