import { resolve } from 'node:path'
import { doctorOptions } from '../../config/daemon-options.ts'
import type { Command } from '../command.ts'
import { daemonFindings } from '../doctor/daemon.ts'
import { databaseFindings } from '../doctor/database.ts'
import { folderFindings } from '../doctor/folders.ts'
import { leftoverFindings } from '../doctor/leftovers.ts'
import { networkFindings, portFinding } from '../doctor/network.ts'
import { runtimeFindings } from '../doctor/runtime.ts'
import type { Finding } from '../doctor/finding.ts'
import { openDaemon, runningDaemon } from '../find-daemon.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

export const doctorCommand: Command<(typeof doctorOptions)[number]['name']> = {
  options: doctorOptions,
  examples: ['sluice doctor', 'sluice doctor --dir ~/Downloads --json'],
  async run(settings, operands, context) {
    noOperands(operands)
    const { paths, env, screen } = context
    const dir = resolve(context.cwd, settings.text('dir') ?? '.')
    const running = await runningDaemon(paths.data)
    const expected = running !== undefined || settings.text('url') !== undefined
    const findings = [
      ...runtimeFindings(process.versions),
      ...(await folderFindings(paths, dir)),
      ...(await networkFindings(env)),
      ...(await databaseFindings(paths.data, running !== undefined)),
      ...(await daemonFindings(await openDaemon(settings, context), expected)),
      ...(running === undefined ? [await portFinding(8080)] : []),
      ...(await leftoverFindings(dir)),
    ]
    for (const finding of findings) {
      if (settings.flag('json')) screen.out.line(cleanJson(finding))
      else textLines(finding).forEach((line) => screen.out.line(line))
    }
    return findings.some(({ level }) => level === 'problem') ? 1 : 0
  },
}

function textLines({ level, topic, message, hint }: Finding): string[] {
  const line = `${level.padEnd(8)} ${topic.padEnd(14)} ${clean(message)}`
  return hint === undefined ? [line] : [line, `${' '.repeat(24)}${clean(hint)}`]
}
