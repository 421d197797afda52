import type { ReleaseOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { formatBytes } from '../../core/units.ts'
import { unpackBeside } from '../../libraries/unpack-beside.ts'
import type { IfExists } from '../../transfer/types.ts'
import type { Screen } from '../print/choose.ts'
import { clean, cleanJson } from '../print/clean.ts'

/** Unpacks what was fetched and prints the folder below its path. */
export async function printUnpacked(
  settings: Settings<ReleaseOption>,
  { out, err }: Screen,
  path: string,
  ifExists: IfExists,
  signal: AbortSignal,
): Promise<void> {
  const unpacked = await unpackBeside(path, ifExists, signal)
  const { folder, entries, bytes, alreadyThere } = unpacked
  out.line(settings.flag('json') ? cleanJson({ type: 'unpacked', ...unpacked }) : clean(folder))
  const what = alreadyThere
    ? 'is there already'
    : `${entries} ${entries === 1 ? 'file' : 'files'}, ${formatBytes(bytes)}`
  if (!settings.flag('quiet') && !settings.flag('json')) err.line(`${clean(folder)}: ${what}`)
}
