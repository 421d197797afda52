import { splitHeader } from '../config/header.ts'
import type { OptionName } from '../config/options.ts'
import type { Settings } from '../config/resolve.ts'
import type { EngineOptions, IfExists } from '../transfer/types.ts'

/** What the engine needs to know of the settings; optional fields are absent where nothing was set. */
export function engineOptions(settings: Settings, dataDir: string): EngineOptions {
  return {
    ...positive('connections', settings.number('connections')),
    ...positive('limitRate', settings.number('limit-rate')),
    ...positive('overallTimeout', settings.number('timeout')),
    ...positive('connectTimeout', settings.number('connect-timeout')),
    ...positive('stallTimeout', settings.number('stall-timeout')),
    ...given('userAgent', settings, 'user-agent'),
    ...given('referer', settings, 'referer'),
    ...given('cookieFile', settings, 'cookie-file'),
    ...given('proxy', settings, 'proxy'),
    ...given('cacert', settings, 'cacert'),
    headers: settings.list('header').map(splitHeader),
    retries: settings.number('retries') ?? 5,
    ifExists: ifExists(settings.text('if-exists')),
    ifChanged: settings.text('if-changed') === 'restart' ? 'restart' : 'fail',
    insecure: settings.flag('insecure'),
    family: settings.flag('ipv4') ? 4 : settings.flag('ipv6') ? 6 : 0,
    allowPrivate: settings.flag('allow-private'),
    allowHtml: settings.flag('allow-html'),
    dataDir,
    sync: !settings.flag('no-sync'),
  }
}

function ifExists(choice: string | undefined): IfExists {
  return choice === 'overwrite' || choice === 'skip' || choice === 'fail' ? choice : 'rename'
}

/** Zero means "no limit" to users and an absent field to the engine. */
function positive<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  return value === undefined || value === 0 ? {} : ({ [key]: value } as { [P in K]: number })
}

function given<K extends string>(key: K, settings: Settings, name: OptionName): { [P in K]?: string } {
  const value = settings.text(name)
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string })
}
