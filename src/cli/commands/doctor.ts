import { resolve } from 'node:path'
import { doctorOptions } from '../../config/daemon-options.ts'
import type { Command } from '../command.ts'
import { readConfiguration } from '../doctor/configuration.ts'
import { daemonFindings } from '../doctor/daemon.ts'
import { sqliteFindings } from '../doctor/sqlite.ts'
import { folderFindings } from '../doctor/folders.ts'
import { leftoverFindings } from '../doctor/leftovers.ts'
import { certificateFindings, portFinding } from '../doctor/network.ts'
import { postgresFindings } from '../doctor/postgres.ts'
import { proxyFindings } from '../doctor/proxies.ts'
import { runtimeFindings } from '../doctor/runtime.ts'
import type { Finding } from '../doctor/finding.ts'
import { openDaemon, runningDaemon } from '../find-daemon.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

export const doctorCommand: Command<(typeof doctorOptions)[number]['name']> = {
  options: doctorOptions,
  checksConfig: true,
  examples: ['sluice doctor', 'sluice doctor --dir ~/Downloads --json'],
  async run(settings, operands, context) {
    noOperands(operands)
    const { paths, env, screen } = context
    const dir = resolve(context.cwd, settings.text('dir') ?? '.')
    const running = await runningDaemon(paths.data)
    const expected = running !== undefined || settings.text('url') !== undefined
    const configuration = await readConfiguration(paths.config, env)
    const database = configuration.text('database')
    const findings = [
      ...runtimeFindings(process.versions),
      ...configuration.findings,
      ...(await folderFindings(paths, dir)),
      ...(await proxyFindings(env, configuration.text('proxy'))),
      ...(await certificateFindings(env, configuration.text('cacert'))),
      ...(await (database === undefined
        ? sqliteFindings(paths.data, running !== undefined)
        : postgresFindings(database))),
      ...(await daemonFindings(await openDaemon(settings, context), expected)),
      ...(running === undefined
        ? [await portFinding(configuration.number('port') ?? 8080, configuration.text('host'))]
        : []),
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
