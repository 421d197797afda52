import { resolve } from 'node:path'
import { serveOptions } from '../../config/serve-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import type { DaemonOptions } from '../../server/daemon.ts'
import type { Command, CommandContext } from '../command.ts'
import { compileForDaemon } from '../compiler.ts'
import { watchInterrupts } from '../interrupt.ts'
import { libraryFolder } from '../library-folder.ts'
import { browserCommand, openPage } from '../open-page.ts'
import { noOperands } from '../operands.ts'
import { version } from '../version.ts'

type Option = (typeof serveOptions)[number]['name']

/** Runs until the first SIGTERM, SIGINT or SIGHUP, which is a good end: 0. A second one, or 3 s, end it at once: 130. */
export const serveCommand: Command<Option> = {
  options: serveOptions,
  examples: [
    'sluice serve',
    'sluice serve --dir /srv/downloads --port 9000',
    'SLUICE_TOKEN=... sluice serve --host 0.0.0.0',
    'sluice serve --on-complete notify-send --on-complete-arg "A download is complete"',
  ],
  async run(settings, operands, context) {
    noOperands(operands)
    const options = daemonOptions(settings, context)
    const { out, err } = context.screen
    if (settings.flag('insecure'))
      err.line('Warning: --insecure accepts any certificate; anyone on the way can change the files.')
    compileForDaemon()
    const interrupts = watchInterrupts(() => err.raw(''))
    const { startDaemon } = await import('../../server/daemon.ts')
    const daemon = await startDaemon(options)
    try {
      if (daemon.note !== null) err.raw(`${daemon.note}\n`)
      out.raw(`Sluice runs on ${daemon.url}\n`)
      if (context.screen.outIsTerminal && !settings.flag('no-open')) showPage(daemon.url, context)
      await aborted(interrupts.signal)
    } finally {
      await daemon.close()
      interrupts.stop()
    }
    return 0
  },
}

function daemonOptions(settings: Settings<Option>, { cwd, env, paths }: CommandContext): DaemonOptions {
  const program = settings.text('on-complete')
  const words = settings.list('on-complete-arg')
  const modelsDir = settings.text('models-dir')
  if (program === undefined && words.length > 0)
    throw new SluiceError('usage', '--on-complete-arg needs --on-complete with a program.')
  return {
    port: settings.number('port') ?? 8080,
    host: settings.text('host') ?? '127.0.0.1',
    dir: resolve(cwd, settings.text('dir') ?? 'downloaded-files'),
    dataDir: resolve(cwd, settings.text('data-dir') ?? paths.data),
    allowHosts: settings.list('allow-host'),
    allowPrivate: settings.flag('allow-private'),
    insecure: settings.flag('insecure'),
    version: version(),
    ...(program === undefined ? {} : { onComplete: [program, ...words] }),
    ...given('modelsDir', modelsDir === undefined ? undefined : resolve(cwd, modelsDir)),
    llamaCacheDir: libraryFolder(settings, env),
    ...given('githubApi', settings.text('github-api')),
    ...given('githubDownload', settings.text('github-download')),
    ...given('token', settings.text('token')),
    ...given('database', settings.text('database')),
    ...given('proxy', settings.text('proxy')),
    ...given('cacert', settings.text('cacert')),
    ...given('connectTimeout', settings.number('connect-timeout')),
    ...given('stallTimeout', settings.number('stall-timeout')),
    ...given('logLevel', settings.text('log-level') as DaemonOptions['logLevel']),
  }
}

function given<K extends keyof DaemonOptions, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}

function showPage(url: string, { env, screen }: CommandContext): void {
  const command = browserCommand(url, process.platform, env)
  if (command !== undefined) openPage(command, () => screen.err.line('No browser could be started: open the address.'))
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
}
