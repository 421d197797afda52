import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OptionSpec } from '../src/config/option-spec.ts'
import { getOptions } from '../src/config/options.ts'
import { errorKinds } from '../src/core/errors.ts'
import type { RetryClass } from '../src/core/errors.ts'

/**
 * npm run docs [-- --check]
 *
 * Writes docs/reference/ from the tables of the code. With --check nothing is written, and the exit code is 1 when a
 * page is not what would be written.
 */
const pages: ReadonlyArray<readonly [path: string, write: () => string]> = [
  ['docs/reference/errors.md', errorsPage],
  ['docs/reference/options.md', optionsPage],
]

const check = process.argv.includes('--check')
const stale = pages.filter(([path, write]) => {
  const text = write()
  if (check) return textOf(path) !== text
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return false
})
for (const [path] of stale) console.error(`${path} does not fit the code: run npm run docs`)
console.log(`Reference: ${pages.length} pages ${stale.length === 0 ? 'fit the code' : `, ${stale.length} do not`}`)
if (stale.length > 0) process.exitCode = 1

function errorsPage(): string {
  const retried: Record<RetryClass, string> = {
    backoff: 'after a pause',
    reresolve: 'after asking the original address',
    never: 'no',
  }
  const rows = Object.entries(errorKinds).map(([code, { exit, http, retry, hint }]) => [
    `\`${code}\``,
    String(exit),
    String(http),
    retried[retry],
    hint,
  ])
  return `# Errors

Made by \`npm run docs\` from \`src/core/errors.ts\`; not to be edited.

Every failure has one of these codes: \`code\` of a \`SluiceError\`, of an \`error\` event, of the file's part in a log. Codes are
stable; new ones may come. *API* is the HTTP status that stands for it in an API of Sluice. *Retried* is what Sluice does by
itself, as often as \`--retries\` allows; where a cause asks for something else, an error says so in its own \`retryable\` and
\`hint\` (a 501 is not retried, a 429 waits as long as Retry-After says).

${grid(['Code', 'Exit', 'API', 'Retried', 'Hint'], rows)}`
}

function optionsPage(): string {
  const groups = [...new Set(getOptions.map(({ group }) => group))]
  const sections = groups.map((group) => {
    const rows = getOptions.filter((option) => option.group === group).map(optionRow)
    const heading = group ?? 'Not in the help'
    return `## ${heading}\n\n${grid(['Flag', 'Value', 'Default', 'Environment', 'Key', 'What it does'], rows)}`
  })
  return `# Options of \`sluice get\`

Made by \`npm run docs\` from \`src/config/options.ts\`; not to be edited.

A flag wins over the environment, the environment over the configuration file, the file over the default. The file is TOML, its
keys are those below: \`jobs = 8\`, \`header = ["Accept: text/plain"]\`. \`SLUICE_CONFIG\` names it; else it is \`config.toml\` in the
folder \`sluice\` of \`~/.config\` (\`XDG_CONFIG_HOME\`), of \`~/Library/Preferences\`, or \`sluice\\Config\` of \`%APPDATA%\`. A key that is
none of these, or a wrong value, is an error.

${sections.join('\n')}`
}

function optionRow(option: OptionSpec): string[] {
  const { name, short, env, file, repeatable, help } = option
  const flag = short === undefined ? `\`--${name}\`` : `\`-${short}\`, \`--${name}\``
  return [
    repeatable === true ? `${flag} (repeatable)` : flag,
    valueOf(option),
    defaultOf(option),
    env === undefined ? '' : `\`${env}\``,
    file === true ? `\`${name}\`` : '',
    help,
  ]
}

function valueOf({ kind, value, choices, range, unset }: OptionSpec): string {
  if (kind === 'flag') return ''
  const name = `\`${value ?? kind}\``
  const allowed = choices?.join(', ') ?? (range === undefined ? '' : `${range[0]} to ${range[1]}`)
  const orUnset = unset === undefined ? '' : `${allowed === '' ? '' : ', '}or \`${unset}\` for none`
  return allowed + orUnset === '' ? name : `${name}: ${allowed}${orUnset}`
}

function defaultOf({ kind, default: given }: OptionSpec): string {
  if (given !== undefined) return `\`${given}\``
  return kind === 'flag' ? 'off' : ''
}

function grid(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

/** A missing page is an empty one. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
