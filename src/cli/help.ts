import type { OptionSpec } from '../config/option-spec.ts'
import { commands } from './catalogue.ts'
import type { CommandSpec } from './catalogue.ts'
import type { Command } from './command.ts'

const exitCodes =
  '0 all done, 1 other failure, 2 wrong usage, 3 network, 4 HTTP error status, 5 integrity, 6 disk, 7 TLS, ' +
  '8 target exists, 9 not found in a registry or release, 130 interrupted (the part is kept)'

/** Columns below which two columns of text have no room beside each other. */
const narrow = 60

/** The help of `sluice` itself, for a terminal of so many columns. */
export function programHelp(columns: number): string {
  return [
    'Sluice downloads files: fast, resumable, never a wrong byte.',
    '',
    'Usage: sluice <command> [flags] [arguments]',
    '',
    'Commands:',
    ...commands.flatMap(({ name, operands, summary }) => row(`${name} ${operands}`.trimEnd(), summary, columns)),
    '',
    'Flags:',
    ...row('-h, --help', 'show this help, or that of a command: sluice get --help', columns),
    ...row('-V, --version', 'show the version', columns),
    '',
  ].join('\n')
}

/** The help of one command. */
export function commandHelp(command: CommandSpec, loaded: Command, columns: number): string {
  const usage = `sluice ${command.name} ${command.operands}`.trimEnd()
  const shown = loaded.options.filter((option) => option.group !== undefined)
  const groups = [...new Set(shown.map((option) => option.group))]
  const variables = shown.flatMap((option) => option.env ?? [])
  return [
    `Usage: ${usage} [flags]`,
    '',
    ...wrap(command.summary, columns),
    '',
    ...(loaded.actions === undefined
      ? []
      : ['Actions:', ...loaded.actions.flatMap(([line, what]) => row(line, what, columns)), '']),
    ...groups.flatMap((group) => [
      `${group}:`,
      ...shown
        .filter((option) => option.group === group)
        .flatMap((option) => row(flagText(option), option.help, columns)),
      '',
    ]),
    ...(variables.length === 0 ? [] : ['Environment:', ...wrap(variables.join(', '), columns, 2), '']),
    'Exit codes:',
    ...wrap(exitCodes, columns, 2),
    '',
    'Examples:',
    ...loaded.examples.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function flagText(option: OptionSpec): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `
  return `${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
}

/** Two columns, the right one wrapped below itself; on a narrow terminal the right one stands below the left. */
function row(left: string, right: string, columns: number): string[] {
  const indent = columns < narrow ? 8 : 30
  const lines = wrap(right, columns, indent)
  const head = `  ${left}`
  if (columns < narrow || head.length > indent - 2) return [head, ...lines]
  return [head.padEnd(indent) + (lines[0] ?? '').trimStart(), ...lines.slice(1)]
}

function wrap(text: string, columns: number, indent = 0): string[] {
  const room = Math.max(20, columns - indent)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one)
}
