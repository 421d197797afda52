import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Ask, Feature } from './fault.ts'

/** A download tool that can be put before the lying server. */
export interface Tool {
  readonly name: string
  readonly features: ReadonlySet<Feature>
  /** True when exit codes are those of Sluice's contract; otherwise only zero and non-zero count. */
  readonly contractCodes: boolean
  /** Command line that saves into `dir`. */
  command(ask: Ask, dir: string): ReadonlyArray<string>
  /** Tells parts and side files from finished files by the names in the folder. */
  sort(names: ReadonlyArray<string>): { readonly finals: string[]; readonly parts: string[]; readonly side: string[] }
}

const root = join(import.meta.dirname, '..', '..')

const sluice: Tool = {
  name: 'sluice',
  features: new Set([
    ...(['sha256', 'digest-fields', 'mirrors', 'names', 'cookies', 'web-page-check'] as const),
    ...(['if-changed', 'if-exists', 'overall-timeout', 'verdict'] as const),
    ...(['content-coding', 'retry-after', 'connections', 'netrc', 'free-space'] as const),
  ]),
  contractCodes: true,
  command: (ask, dir) => [
    ...sluiceCommand(),
    ...['get', ask.url, '-d', dir],
    ...given('-o', ask.out),
    ...given('--sha256', ask.sha256),
    ...given('-x', ask.connections),
    ...['--retries', String(ask.retries ?? 2)],
    ...['--stall-timeout', String(ask.stallTimeout ?? 1)],
    ...['--connect-timeout', String(ask.connectTimeout ?? 2)],
    ...given('--timeout', ask.timeout),
    ...(ask.headers ?? []).flatMap((header) => ['-H', header]),
    ...given('--cookie-file', ask.cookieFile),
    ...given('--cacert', ask.cacert),
    ...(ask.mirrors ?? []).flatMap((mirror) => ['--mirror', mirror]),
    ...given('--if-changed', ask.ifChanged),
    ...given('--if-exists', ask.ifExists),
    ...(ask.allowHtml === true ? ['--allow-html'] : []),
    ...(ask.json === true ? ['--json'] : []),
  ],
  sort: (names) => ({
    finals: names.filter((name) => !name.endsWith('.part') && !isStaged(name)),
    parts: names.filter((name) => name.endsWith('.part') && !isStaged(name)),
    side: names.filter(isStaged),
  }),
}

/** The command line without a launcher in between, so that a signal reaches the process that downloads. */
export function sluiceCommand(): string[] {
  return [process.execPath, join(root, 'src', 'cli', 'main.ts')]
}

/** As careful people call it: a temporary name, resumed after each failure, renamed after success. */
const curl: Tool = {
  name: 'curl',
  features: new Set(['cookies', 'overall-timeout']),
  contractCodes: false,
  command: (ask, dir) => {
    const args = [
      ...['-q', '-fsSL', '-C', '-', '--max-redirs', '10', '--speed-limit', '1'],
      ...['--speed-time', String(ask.stallTimeout ?? 1), '--connect-timeout', String(ask.connectTimeout ?? 2)],
      ...given('--max-time', ask.timeout),
      ...(ask.headers ?? []).flatMap((header) => ['-H', header]),
      ...given('--cookie', ask.cookieFile),
      ...given('--cacert', ask.cacert),
      ...['--', ask.url],
    ]
    const script = `
      out=$1 left=$2; shift 2
      until curl -o "$out.part" "$@"; do code=$?; [ "$left" -gt 0 ] || exit $code; left=$((left - 1)); sleep 0.2; done
      [ -e "$out.part" ] || : >"$out.part"
      mv "$out.part" "$out"`
    return ['sh', '-c', script, 'sh', join(dir, ask.out ?? lastSegment(ask.url)), String(ask.retries ?? 2), ...args]
  },
  sort: sluice.sort,
}

const aria2c: Tool = {
  name: 'aria2c',
  features: new Set(['sha256', 'mirrors', 'names', 'cookies', 'connections']),
  contractCodes: false,
  command: (ask, dir) => [
    ...[
      'aria2c',
      '--no-conf',
      '-q',
      '-c',
      '-d',
      dir,
      '--file-allocation=none',
      '--console-log-level=error',
      '-k',
      '1M',
    ],
    ...['-x', String(ask.connections ?? 4), '-s', String(ask.connections ?? 4)],
    ...[`--max-tries=${(ask.retries ?? 2) + 1}`, '--retry-wait=1', `--timeout=${ask.stallTimeout ?? 1}`],
    ...[`--connect-timeout=${ask.connectTimeout ?? 2}`],
    ...given('-o', ask.out),
    ...(ask.sha256 === undefined ? [] : [`--checksum=sha-256=${ask.sha256}`]),
    ...(ask.headers ?? []).flatMap((header) => ['--header', header]),
    ...given('--load-cookies', ask.cookieFile),
    ...(ask.cacert === undefined ? [] : [`--ca-certificate=${ask.cacert}`]),
    ...[ask.url, ...(ask.mirrors ?? [])],
  ],
  sort: (names) => {
    const side = names.filter((name) => name.endsWith('.aria2'))
    const parts = names.filter((name) => side.includes(`${name}.aria2`))
    return { finals: names.filter((name) => !side.includes(name) && !parts.includes(name)), parts, side }
  },
}

const tools: ReadonlyMap<string, Tool> = new Map([sluice, curl, aria2c].map((tool) => [tool.name, tool]))

export function toolNamed(name: string): Tool {
  const tool = tools.get(name)
  if (tool === undefined) throw new Error(`no tool "${name}"; there are ${[...tools.keys()].join(', ')}`)
  if (tool === sluice && !existsSync(join(root, 'src', 'cli', 'main.ts')))
    throw new Error('the command line is not there')
  return tool
}

function isStaged(name: string): boolean {
  return name.split('/').includes('.staging')
}

function given(flag: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [flag, String(value)]
}

function lastSegment(url: string): string {
  return new URL(url).pathname.split('/').pop() || 'index.html'
}
