import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OptionSpec } from '../src/config/option-spec.ts'
import { commands } from '../src/cli/catalogue.ts'
import { errorKinds } from '../src/core/errors.ts'

/**
 * npm run docs [-- --check]
 *
 * Writes docs/reference/ from the tables of the code. With --check nothing is written, and the exit code is 1 when a
 * page is not what would be written.
 */
const pages: ReadonlyArray<readonly [path: string, write: () => string | Promise<string>]> = [
  ['docs/reference/errors.md', errorsPage],
  ['docs/reference/options.md', optionsPage],
]

if (process.argv.includes('--check')) await checkPages()
else await writePages()

async function writePages(): Promise<void> {
  for (const [path, write] of pages) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, await write())
  }
}

async function checkPages(): Promise<void> {
  let stale = 0
  for (const [path, write] of pages) {
    if (textOf(path) === (await write())) continue
    console.error(`${path} does not fit the code: run npm run docs`)
    stale++
  }
  if (stale > 0) process.exitCode = 1
  else console.log(`Reference: ${pages.length} pages as the code has them`)
}

function errorsPage(): string {
  const rows = Object.entries(errorKinds).map(([code, { exit, http, retry, hint }]) => [
    `\`${code}\``,
    String(exit),
    String(http),
    retry === 'backoff' ? 'after a pause' : 'no',
    hint,
  ])
  return `# Errors

Made by \`npm run docs\` from \`src/core/errors.ts\`; not to be edited.

Every failure has one of these codes: \`code\` of a \`SluiceError\` and of an \`error\` event. Codes are stable; new ones may
come. *API* is the HTTP status that the daemon answers with. *Retried* is what Sluice does by itself, as often as
\`--retries\` allows. Some causes ask for something else (a 501 is not retried, a 429 waits as long as Retry-After says); the
error's own \`retryable\` and \`hint\` tell.

${grid(['Code', 'Exit', 'API', 'Retried', 'Hint'], rows)}`
}

async function optionsPage(): Promise<string> {
  const sections: string[] = []
  for (const { name, operands, summary, load } of commands) {
    const { options } = await load()
    const usage = `sluice ${name} ${operands}`.trimEnd()
    sections.push(`## sluice ${name}\n\n\`${usage}\`: ${summary}.\n\n${groupedOptions(options)}`)
  }
  return `# Options

Made by \`npm run docs\` from the tables in \`src/config/\`; not to be edited.

A flag wins over the environment, the environment over the configuration file, the file over the default. The file is TOML, its
keys are those below: \`jobs = 8\`, \`header = ["Accept: text/plain"]\`. It is one file for all commands, each takes its own keys.
\`SLUICE_CONFIG\` names it; else it is \`config.toml\` in the folder \`sluice\` of \`~/.config\` (\`XDG_CONFIG_HOME\`), of
\`~/Library/Preferences\`, or \`sluice\\Config\` of \`%APPDATA%\`. A key that is of no command, or a wrong value, is an error.

${sections.join('\n')}`
}

function groupedOptions(options: readonly OptionSpec[]): string {
  const groups = [...new Set(options.map(({ group }) => group))]
  return groups
    .map((group) => {
      const rows = options.filter((option) => option.group === group).map(optionRow)
      const heading = group ?? 'Not in the help'
      return `### ${heading}\n\n${grid(['Flag', 'Value', 'Default', 'Environment', 'Key', 'What it does'], rows)}`
    })
    .join('\n')
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

function valueOf({ kind, value, choices, range }: OptionSpec): string {
  if (kind === 'flag') return ''
  const allowed = choices?.join(', ') ?? range?.join(' to ')
  return `\`${value ?? kind}\`${allowed === undefined ? '' : `: ${allowed}`}`
}

function defaultOf({ kind, default: given, unset }: OptionSpec): string {
  const shown = given ?? unset
  if (shown !== undefined) return `\`${shown}\``
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
