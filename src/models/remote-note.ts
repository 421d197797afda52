import { excerpt } from '../core/excerpt.ts'
import { readSmallFile } from '../deliver/read-small-file.ts'

/** Bytes; a config of ollama has a few hundred. */
const largestConfig = 1024 * 1024

/**
 * What is to be said of a model whose config names the host that runs it (`remote_host`): no weights came with it. Null
 * for others, and where nothing can be read.
 */
export async function remoteNote(name: string, configPath: string): Promise<string | null> {
  const host = await remoteHost(configPath)
  return host === null
    ? null
    : `${name} has no weights: ollama has it run by ${excerpt(host)}, and only passes questions on.`
}

async function remoteHost(path: string): Promise<string | null> {
  try {
    const file = await readSmallFile(path, largestConfig)
    const config: unknown = JSON.parse(file?.bytes.toString() ?? 'null')
    const host = typeof config === 'object' && config !== null && 'remote_host' in config ? config.remote_host : null
    return typeof host === 'string' && host !== '' ? host : null
  } catch {
    // The model is whole: its digests say so, and what cannot be read says nothing.
    return null
  }
}
